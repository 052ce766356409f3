update block set data = ?2 where id = ?1
