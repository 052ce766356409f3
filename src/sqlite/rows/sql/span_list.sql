select
  span_id, state, parent_span_id, kind, name, status, tool_type, started_at, until, duration_ms, tags, engine, body, id
from span
where trace = (select id from trace where tenant = ?1 and trace_id = ?2)
-- by the index of the trace: the plus keeps the ids from being gone through
and +id <= ?3 and started_at >= ?4 and state is not 'awaited'
order by started_at, id
