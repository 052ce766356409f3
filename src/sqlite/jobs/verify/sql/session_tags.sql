select g.tag, s.session_id, s.tenant = g.tenant and s.updated_at = g.updated_at and s.seq = g.seq, s.tags
from session_tag g
left join session s on s.id = g.session
