update state set seq = ?1, gc_epoch = ?2, bytes_in = bytes_in + ?3 where id = 1
