insert into session (
  id, tenant, session_id, version, seq, user_id, auditing_id, created_at, updated_at, trace_count, tags, body
)
values (?1, ?2, ?3, 0, ?4, 0, 0, 0, 0, 0, '[]', 0)
