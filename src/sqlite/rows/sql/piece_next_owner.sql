select owner, uses, first from piece_owner where piece = ?1 order by owner limit 1
