update trace set tags = ?2 where id = ?1
