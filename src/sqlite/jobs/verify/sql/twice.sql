select id from fresh where exists (select 1 from alone where alone.id = fresh.id)
