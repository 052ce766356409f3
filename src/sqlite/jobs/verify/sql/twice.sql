select id from fresh where exists (select 1 from piece where piece.id = fresh.id)
