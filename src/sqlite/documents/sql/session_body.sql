select body from session where id = ?1
