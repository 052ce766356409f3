select id, data from fresh
