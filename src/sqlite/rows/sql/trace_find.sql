select id, seq is not null, version, created_at from trace where tenant = ?1 and trace_id = ?2
