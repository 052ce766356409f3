update state
set
  seq = :seq,
  gc_epoch = :gc_epoch,
  entry = :entry,
  fresh_bytes = :fresh_bytes,
  bytes_in = bytes_in + :bytes_in,
  traces = traces + :traces,
  spans = spans + :spans,
  sessions = sessions + :sessions,
  config_snapshots = config_snapshots + :config_snapshots
where id = 1
