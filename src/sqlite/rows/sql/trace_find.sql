select id, version, derived, root, root_started_at, started_at, engine, status = 'running' as is_running
from trace
where tenant = ?1 and trace_id = ?2
