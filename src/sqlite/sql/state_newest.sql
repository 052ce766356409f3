-- the greatest id of each kind; of the runs only the last, so that opening a large file costs no walk
select
  coalesce((select max(id) from tenant), 0) as tenant,
  max(
    coalesce((select max(id) from fresh), 0),
    coalesce((select max(id) from alone), 0),
    coalesce((select last from block_run order by first desc limit 1), 0)
  ) as entry,
  coalesce((select max(id) from trace), 0) as trace,
  coalesce((select max(id) from span), 0) as span,
  coalesce((select max(id) from session), 0) as session,
  coalesce((select max(id) from config_snapshot), 0) as config_snapshot
