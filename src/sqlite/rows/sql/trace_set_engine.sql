update trace set engine = ?2 where id = ?1
