-- of the runs only the last, so that opening a large file costs no walk; verify_given.sql looks at all
select max(
  coalesce((select max(id) from fresh), 0),
  coalesce((select max(id) from piece), 0),
  coalesce((select last from block_run order by first desc limit 1), 0)
)
