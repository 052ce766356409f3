insert into session_tag (tag, updated_at, seq, session) values (?1, ?2, ?3, ?4) on conflict do nothing
