select span_id, parent_span_id, kind, name, status, tool_type, started_at, duration_ms, tags, body, id
from span
where trace = ?1
order by body
