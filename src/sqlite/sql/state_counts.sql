select traces, spans, sessions, config_snapshots, bytes_in from state where id = 1
