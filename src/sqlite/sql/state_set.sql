update state
set
  seq = :seq,
  gc_epoch = :gc_epoch,
  bytes_in = bytes_in + :bytes_in,
  traces = traces + :traces,
  spans = spans + :spans,
  sessions = sessions + :sessions,
  config_snapshots = config_snapshots + :config_snapshots
where id = 1
