select traces, spans, sessions, config_snapshots from tenant
