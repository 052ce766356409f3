select last, block from block_run where first <= ?1 order by first desc limit 1
