update span
set
  version = :version,
  changed_seq = :changed_seq,
  state = :state,
  engine = :engine,
  parent_span_id = :parent_span_id,
  kind = :kind,
  name = :name,
  status = :status,
  tool_type = :tool_type,
  started_at = :started_at,
  until = :until,
  duration_ms = :duration_ms,
  body = :body
where id = :id
