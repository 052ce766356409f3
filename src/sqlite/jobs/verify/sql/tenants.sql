select id, name, traces, spans, sessions, config_snapshots from tenant
