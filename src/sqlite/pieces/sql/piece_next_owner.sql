select min(owner) from piece_owner where piece = ?1
