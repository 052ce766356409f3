select id, seq from trace where tenant = ?1 and trace_id = ?2
