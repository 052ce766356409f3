delete from piece_owner where piece = ?1 and owner = ?2
