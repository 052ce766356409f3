delete from score where id = ?1
