select id, first from block where length(data) < 5120 and first > ?1 order by first limit 64
