insert into piece_owner (piece, owner, uses, first) values (?1, ?2, ?3, ?4)
on conflict do update set uses = uses + excluded.uses
returning uses
