update piece_hash set first = null where hash = ?1 and first = ?2
