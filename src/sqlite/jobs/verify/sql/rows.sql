select
  (select count(*) + 2 * count(seq) from trace) -- of started ones the tags and the sets too
  + 2 * (select count(*) from span) -- with the entries of their manifests
  + 3 * (select count(*) from session)
  + (select count(*) from config_snapshot)
  + 2 * (select count(*) from piece_hash) -- the text, and its owner
  + (select count(*) from piece_owner)
  + (select count(*) from block)
  + (select count(*) from block_run)
  + (select count(*) from trace_tag)
  + (select count(*) from session_tag)
  + (select count(*) from facet)
  + 3 -- what SQLite's own check says, how many hashes there are, and the row of state
