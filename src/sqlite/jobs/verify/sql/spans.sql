select
  span_id, state, parent_span_id, kind, name, status, tool_type, started_at, until, duration_ms, tags, engine, body, id
from span
where trace = ?1
order by body
