update piece_owner set first = null where piece = ?1 and owner = ?2 and first = ?3
