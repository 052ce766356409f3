select
  (select count(*) from trace)
  + 2 * (select count(*) from span) -- with the entries of their manifests
  + (select count(*) from session)
  + (select count(*) from config_snapshot)
  + (select count(*) from piece_hash)
