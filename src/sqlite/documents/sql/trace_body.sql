select body from trace where id = ?1
