select id from config_snapshot where tenant = ?1 and snapshot_id = ?2
