select tenant, id, trace_id, body from trace order by id
