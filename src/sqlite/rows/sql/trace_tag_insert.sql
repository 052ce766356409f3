insert into trace_tag (tenant, tag, started_at, seq, trace) values (?1, ?2, ?3, ?4, ?5) on conflict do nothing
