select data from alone where id = ?1
