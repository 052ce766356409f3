select 1 from block_run where first > ?1 and first < ?2 and block <> ?3 limit 1
