select 1 from block where length(data) < 5120 order by first limit 1 offset ?1
