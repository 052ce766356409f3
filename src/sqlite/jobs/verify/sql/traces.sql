select tenant, id, trace_id, seq is not null as started, body from trace order by id
