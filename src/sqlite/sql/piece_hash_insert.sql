insert into piece_hash (hash, piece) values (?1, ?2)
