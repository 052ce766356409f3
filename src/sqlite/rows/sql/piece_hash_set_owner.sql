update piece_hash set owner = ?2, uses = ?3, first = ?4 where hash = ?1
