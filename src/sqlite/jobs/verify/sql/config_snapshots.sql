select id, snapshot_id, body from config_snapshot order by id
