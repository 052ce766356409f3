update tenant
set
  traces = traces + ?2,
  spans = spans + ?3,
  sessions = sessions + ?4,
  config_snapshots = config_snapshots + ?5
where id = ?1
