insert into trace (id, tenant, trace_id, version, changed_seq, created_at, updated_at) values (?1, ?2, ?3, 0, ?4, ?5, ?5)
