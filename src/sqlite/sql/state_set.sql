update state
set
  seq = :seq,
  gc_epoch = :gc_epoch,
  tenant = :tenant,
  entry = :entry,
  trace = :trace,
  span = :span,
  session = :session,
  config_snapshot = :config_snapshot,
  said = :said,
  engine = :engine,
  fresh_bytes = :fresh_bytes,
  traces = :traces,
  spans = :spans,
  sessions = :sessions,
  config_snapshots = :config_snapshots,
  bytes_in = bytes_in + :bytes_in
where id = 1
