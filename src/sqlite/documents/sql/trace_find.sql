select id, seq from trace where trace_id = ?1
