delete from alone where id = ?1
