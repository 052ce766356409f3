select id, span_id, body from span where trace = ?1 order by body
