delete from link where id = ?1
