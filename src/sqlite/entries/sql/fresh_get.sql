select data from fresh where id = ?1
