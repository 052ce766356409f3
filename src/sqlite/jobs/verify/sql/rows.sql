select
  (select count(*) + 2 * count(started_at) from trace) -- of those that are shown the tags and the sets too
  + (select count(*) from span)
  + 2 * (select count(*) from span_word) -- and the entry of each
  + 3 * (select count(*) from session)
  + (select count(*) from session where body is null or version = 0) -- those that follow traces once more
  + (select count(*) from config_snapshot)
  + (select count(*) from score)
  + (select count(*) from annotation)
  + (select count(*) from link)
  + (select count(*) from piece_hash) -- its owner
  + (select count(*) from piece_owner)
  + (select count(body) from span) + (select count(*) from trace) + (select count(body) from session)
  + (select count(*) from config_snapshot)
  + (select count(*) from score) + (select count(*) from annotation) -- the entry of each manifest
  + (select count(*) from piece_hash) -- and of each piece
  + (select count(*) from block)
  + (select count(*) from block_run)
  + (select count(*) from trace_tag)
  + (select count(*) from session_tag)
  + (select count(*) from facet)
  + (select count(*) from tenant)
  + 3 -- what SQLite's own check says, how many hashes there are, and the row of state
