delete from piece_hash where hash = ?1
