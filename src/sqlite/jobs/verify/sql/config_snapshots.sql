select id, snapshot_id, agent_name, agent_version, created_at, body, tenant from config_snapshot order by id
