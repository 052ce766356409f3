select id, version, derived, root, root_started_at, started_at, engine, status is not 'running' as has_ended
from trace
where tenant = ?1 and trace_id = ?2
