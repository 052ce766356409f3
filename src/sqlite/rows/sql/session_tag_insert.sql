insert into session_tag (tenant, tag, updated_at, seq, session) values (?1, ?2, ?3, ?4, ?5) on conflict do nothing
