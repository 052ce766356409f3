select id, first from block where length(data) < 16384 and first > ?1 order by first limit 64
