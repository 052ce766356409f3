insert into trace (
  id, tenant, trace_id, version, changed_seq, created_at, updated_at, seq, origin, derived, status, started_at, tags, body
)
values (?1, ?2, ?3, 0, ?4, ?5, ?5, ?4, 0, 0, 'running', ?6, '[]', ?7)
