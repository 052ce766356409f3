select id, data from block
