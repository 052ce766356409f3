insert into session (
  id, tenant, session_id, seq, user_id, auditing_id, created_at, updated_at, trace_count, tags, body
)
values (?1, ?2, ?3, ?4, 0, 0, 0, 0, 0, '[]', 0)
