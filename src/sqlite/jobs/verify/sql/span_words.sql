select place, keys, body from span_word where trace = ?1 and span = ?2 order by place
