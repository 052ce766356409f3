delete from piece where id = ?1
