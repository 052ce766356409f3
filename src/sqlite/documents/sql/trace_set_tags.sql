update trace set version = ?2, changed_seq = ?3, tags = ?4 where id = ?1
