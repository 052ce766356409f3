update piece_owner set uses = uses + ?3 where piece = ?1 and owner = ?2 returning uses
