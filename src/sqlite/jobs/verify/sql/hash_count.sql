select count(*) from piece_hash
