select tenant, session_id
from trace t
where
  session_id is not null
  and not exists (select 1 from session s where s.tenant = t.tenant and s.session_id = t.session_id)
group by tenant, session_id
