update state set seq = ?1, gc_epoch = ?2, entry = ?3, fresh_bytes = ?4, bytes_in = bytes_in + ?5 where id = 1
