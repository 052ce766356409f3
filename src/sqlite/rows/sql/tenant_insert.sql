insert into tenant (id, name, traces, spans, sessions, config_snapshots) values (?1, ?2, 0, 0, 0, 0)
