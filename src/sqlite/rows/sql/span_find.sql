from span
where trace = ?1 and span_id = ?2
