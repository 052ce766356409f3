select data from block where id = ?1
