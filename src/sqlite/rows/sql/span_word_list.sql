select span, place, body
from span_word
where trace = (select id from trace where tenant = ?1 and trace_id = ?2)
order by span, place
