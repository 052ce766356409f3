select
  span_id, state, parent_span_id, kind, name, status, tool_type, started_at, until, duration_ms, tags, engine, body, id,
  trace, version, changed_seq, created_at, updated_at,
