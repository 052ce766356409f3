select
  (select count(*) from trace where seq is not null),
  (select count(*) from span),
  (select count(*) from session),
  (select count(*) from config_snapshot),
  (select bytes_in from state where id = 1)
