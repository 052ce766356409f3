update piece_hash set uses = ?2 where hash = ?1
