select id, trace, version, changed_seq, created_at, updated_at, body from span where trace = ?1 and span_id = ?2
