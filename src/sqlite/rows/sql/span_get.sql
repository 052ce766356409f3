select
  span_id, parent_span_id, kind, name, status, tool_type, started_at, duration_ms, tags,
  body, id, trace, version, changed_seq, created_at, updated_at
from span
where trace = (select id from trace where tenant = ?1 and trace_id = ?2) and span_id = ?3
