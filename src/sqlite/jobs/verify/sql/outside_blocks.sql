select exists (select 1 from fresh where id = ?1) or exists (select 1 from alone where id = ?1)
