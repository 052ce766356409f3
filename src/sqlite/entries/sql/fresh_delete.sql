delete from fresh where id = ?1
