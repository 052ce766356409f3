select id, seq is not null, engine from trace where tenant = ?1 and trace_id = ?2
