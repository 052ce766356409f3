s.id, s.session_id, s.version, s.seq, s.user_id, s.auditing_id, s.end_user_id, s.created_at, s.updated_at, s.trace_count,
s.tags, s.body
