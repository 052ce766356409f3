insert into trace (id, tenant, trace_id, version, changed_seq, engine) values (?1, ?2, ?3, 0, ?4, ?5)
