select span_id, parent_span_id, kind, name, status, tool_type, started_at, duration_ms, tags, body, id
from span
where trace = (select id from trace where tenant = ?1 and trace_id = ?2)
-- by the index of the trace: the plus keeps the ids from being gone through
and +id <= ?3 and started_at >= ?4
order by started_at, id
