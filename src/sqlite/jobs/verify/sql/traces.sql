select tenant, id, trace_id, started_at is not null as is_shown, body from trace order by id
