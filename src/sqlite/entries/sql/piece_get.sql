select data from piece where id = ?1
