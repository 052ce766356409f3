select
  (select count(*) from span where trace = ?1 and ?2 is null and state is not 'awaited'),
  (select count(*) from span where trace = ?1 and parent_span_id = ?2 and state is not 'awaited'),
  (select count(*) from score where trace = ?1 and span_id is ?2),
  (select count(*) from annotation where trace = ?1 and span_id is ?2),
  (select count(*) from link where tenant = ?3 and source = ?4)
  + (select count(*) from link indexed by link_by_target where tenant = ?3 and target = ?4 and source != ?4)
