select count(*) from block where length(data) < 5120
