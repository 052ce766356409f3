update piece_hash set uses = uses + ?2 where hash = ?1 returning uses
