select
  t.seq, t.user_id, t.auditing_id, t.end_user_id, t.started_at,
  (
    select started_at from trace where tenant = ?1 and session_id = ?2 order by started_at desc limit 1
  ) as last_start,
  (
    select max(completed_at) from trace where tenant = ?1 and session_id = ?2 and completed_at is not null
  ) as last_end
from trace t
where t.tenant = ?1 and t.session_id = ?2
order by t.started_at, t.seq
limit 1
