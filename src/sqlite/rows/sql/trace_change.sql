update trace
set
  version = :version,
  changed_seq = :changed_seq,
  engine = :engine,
  completed_at = :completed_at,
  duration_ms = :duration_ms,
  tags = :tags,
  body = :body
where id = :id
