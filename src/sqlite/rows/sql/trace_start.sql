update trace
set
  version = :version,
  changed_seq = :changed_seq,
  engine = :engine,
  seq = :seq,
  config_snapshot_id = :config_snapshot_id,
  session_id = :session_id,
  parent_trace_id = :parent_trace_id,
  agent_name = :agent_name,
  agent_version = :agent_version,
  status = :status,
  user_id = :user_id,
  auditing_id = :auditing_id,
  end_user_id = :end_user_id,
  started_at = :started_at,
  completed_at = :completed_at,
  duration_ms = :duration_ms,
  tags = :tags,
  body = :body
where id = :id
