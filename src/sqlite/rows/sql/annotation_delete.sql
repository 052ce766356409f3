delete from annotation where id = ?1
