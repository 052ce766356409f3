select trace_id, id, started_at, seq, tags from trace where seq is not null
