select
  span_id, state, parent_span_id, kind, name, status, tool_type, started_at, until, duration_ms, tags, engine, body, id
from span
where trace = ?1 and parent_span_id is null and state is not 'awaited'
order by started_at, id
limit 1
