select trace_id, tenant, id, started_at, seq, tags from trace where started_at is not null
