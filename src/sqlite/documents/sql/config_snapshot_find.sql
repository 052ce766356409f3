select id from config_snapshot where snapshot_id = ?1
