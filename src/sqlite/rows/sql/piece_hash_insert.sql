insert into piece_hash (hash, piece, owner, uses, first) values (?1, ?2, ?3, ?4, ?5)
