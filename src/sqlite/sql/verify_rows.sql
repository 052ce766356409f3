select
  (select count(*) from trace)
  + (select count(*) from span)
  + (select count(*) from session)
  + (select count(*) from config_snapshot)
  + (select count(*) from piece)
