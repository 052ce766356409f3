delete from span_word where trace = ?1 and span = ?2 and place = ?3
