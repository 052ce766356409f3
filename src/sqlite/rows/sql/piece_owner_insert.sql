insert into piece_owner (piece, owner, uses, first) values (?1, ?2, ?3, ?4)
