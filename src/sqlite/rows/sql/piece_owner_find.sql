select uses is not null from piece_owner where piece = ?1 and owner = ?2
