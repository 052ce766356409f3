-- each number that was given out last, and the greatest that there is
select
  entry,
  max(
    ifnull((select max(id) from fresh), 0),
    ifnull((select max(id) from alone), 0),
    ifnull((select max(last) from block_run), 0)
  ) as greatest_entry,
  seq,
  max(
    ifnull((select max(changed_seq) from trace), 0),
    ifnull((select max(changed_seq) from span), 0),
    ifnull((select max(seq) from session), 0)
  ) as greatest_seq,
  trace,
  ifnull((select max(id) from trace), 0) as greatest_trace,
  span,
  ifnull((select max(id) from span), 0) as greatest_span,
  session,
  ifnull((select max(id) from session), 0) as greatest_session,
  config_snapshot,
  ifnull((select max(id) from config_snapshot), 0) as greatest_config_snapshot,
  said,
  max(
    ifnull((select max(id) from score), 0),
    ifnull((select max(id) from annotation), 0),
    ifnull((select max(id) from link), 0)
  ) as greatest_said,
  engine,
  max(ifnull((select max(engine) from trace), 0), ifnull((select max(engine) from span), 0)) as greatest_engine,
  tenant,
  ifnull((select max(id) from tenant), 0) as greatest_tenant
from state
where id = 1
