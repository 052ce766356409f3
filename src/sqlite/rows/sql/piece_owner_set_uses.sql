update piece_owner set uses = ?3 where piece = ?1 and owner = ?2
