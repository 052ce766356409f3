insert into trace (id, tenant, trace_id, version, changed_seq, seq, origin, derived, status, started_at, tags, body)
values (?1, ?2, ?3, 0, ?4, ?4, 0, 0, 'running', ?5, '[]', ?6)
