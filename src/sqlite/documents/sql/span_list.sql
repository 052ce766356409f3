select span_id, parent_span_id, kind, name, status, tool_type, started_at, duration_ms, body
from span
where trace = (select id from trace where tenant = ?1 and trace_id = ?2)
order by started_at, id
