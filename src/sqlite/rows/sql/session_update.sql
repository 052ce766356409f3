update session
set
  seq = :seq,
  user_id = :user_id,
  auditing_id = :auditing_id,
  end_user_id = :end_user_id,
  created_at = :created_at,
  updated_at = :updated_at,
  trace_count = :trace_count,
  tags = :tags,
  body = :body
where id = :id
