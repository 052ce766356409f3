insert into config_snapshot (id, tenant, snapshot_id, agent_name, agent_version, created_at, body)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
