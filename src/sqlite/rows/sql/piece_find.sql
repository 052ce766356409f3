select piece, owner, uses is not null from piece_hash where hash = ?1
