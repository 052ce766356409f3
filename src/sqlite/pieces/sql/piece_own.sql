insert into piece_owner (piece, owner) values (?1, ?2) on conflict do nothing
