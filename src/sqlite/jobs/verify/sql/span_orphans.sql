select span_id from span where not exists (select 1 from trace where trace.id = span.trace)
