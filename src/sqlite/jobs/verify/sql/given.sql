select
  entry,
  max(
    ifnull((select max(id) from fresh), 0),
    ifnull((select max(id) from piece), 0),
    ifnull((select max(last) from block_run), 0)
  ) as greatest_entry,
  seq,
  max(ifnull((select max(seq) from trace), 0), ifnull((select max(seq) from session), 0)) as greatest_seq
from state
where id = 1
