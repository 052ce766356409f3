select piece, owner from piece_hash where hash = ?1
