select id from tenant where name = ?1
