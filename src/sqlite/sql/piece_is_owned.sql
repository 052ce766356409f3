select exists (select 1 from piece_owner where piece = ?1)
