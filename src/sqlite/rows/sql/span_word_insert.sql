insert into span_word (trace, span, place, keys, body) values (?1, ?2, ?3, ?4, ?5)
