select id, snapshot_id, agent_name, agent_version, created_at, body
from config_snapshot
where tenant = ?1 and snapshot_id = ?2
