insert into trace_tag (tag, started_at, seq, trace) values (?1, ?2, ?3, ?4) on conflict do nothing
