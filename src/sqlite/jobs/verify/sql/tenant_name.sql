select name from tenant where id = ?1
