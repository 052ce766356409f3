insert into session (
  id, tenant, session_id, version, seq, user_id, auditing_id, end_user_id, created_at, updated_at, trace_count, tags, body
)
values (
  :id, :tenant, :session_id, :version, :seq, :user_id, :auditing_id, :end_user_id, :created_at, :updated_at,
  :trace_count, :tags, :body
)
on conflict (id) do update
set
  version = excluded.version,
  seq = excluded.seq,
  user_id = excluded.user_id,
  auditing_id = excluded.auditing_id,
  end_user_id = excluded.end_user_id,
  created_at = excluded.created_at,
  updated_at = excluded.updated_at,
  trace_count = excluded.trace_count,
  tags = excluded.tags,
  body = excluded.body
