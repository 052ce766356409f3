update span
set
  version = :version,
  changed_seq = :changed_seq,
  updated_at = :updated_at,
  parent_span_id = :parent_span_id,
  kind = :kind,
  name = :name,
  status = :status,
  tool_type = :tool_type,
  started_at = :started_at,
  duration_ms = :duration_ms,
  tags = :tags,
  body = :body
where id = :id
