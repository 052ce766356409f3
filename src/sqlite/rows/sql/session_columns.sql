s.id, s.session_id, s.seq, s.user_id, s.auditing_id, s.end_user_id, s.created_at, s.updated_at, s.trace_count,
(select count(*) from trace where trace.tenant = s.tenant and trace.session_id = s.session_id) as recorded, s.tags, s.body
