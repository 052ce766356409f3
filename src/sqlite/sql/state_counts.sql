-- a row for each tenant, not for each document
select
  (select sum(traces) from tenant) as traces,
  (select sum(spans) from tenant) as spans,
  (select sum(sessions) from tenant) as sessions,
  (select sum(config_snapshots) from tenant) as config_snapshots,
  bytes_in
from state
where id = 1
