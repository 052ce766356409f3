update piece_hash set owner = ?2 where hash = ?1
