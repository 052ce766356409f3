update trace
set
  version = :version,
  changed_seq = :changed_seq,
  updated_at = :updated_at,
  engine = :engine,
  duration_ms = :duration_ms,
  tags = :tags,
  has_scores = :has_scores,
  body = :body,
