delete from block_run
where
  first between (select first from block where id = ?1) and (select last from block where id = ?1)
  and block = ?1
