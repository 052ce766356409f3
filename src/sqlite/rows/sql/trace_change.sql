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
  message_id = :message_id,
  status_reason = :status_reason,
  error_type = :error_type,
  error_code = :error_code,
  recoverable = :recoverable,
  input_tokens = :input_tokens,
  output_tokens = :output_tokens,
  total_tokens = :total_tokens,
  cost = :cost,
  currency = :currency
where id = :id
