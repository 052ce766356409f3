insert into block_run (first, last, block) values (?1, ?2, ?3)
