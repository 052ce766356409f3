select traces, spans, sessions, config_snapshots, name
from tenant
where name > ?1 and traces + spans + sessions + config_snapshots > 0
order by name
limit ?2
