select
  seq, gc_epoch, tenant, entry, trace, span, session, config_snapshot, said, engine, fresh_bytes,
  traces, spans, sessions, config_snapshots
from state
where id = 1
