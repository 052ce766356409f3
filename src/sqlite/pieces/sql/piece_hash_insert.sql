insert into piece_hash (hash, piece, owner) values (?1, ?2, ?3)
