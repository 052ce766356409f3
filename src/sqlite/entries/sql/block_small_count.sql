select count(*) from block where length(data) < 16384
