update span
set
  version = :version,
  changed_seq = :changed_seq,
  updated_at = :updated_at,
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
  tags = :tags,
  body = :body
where id = :id
