update config_snapshot set body = ?2 where id = ?1
