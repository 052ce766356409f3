select g.tag, t.trace_id, t.tenant = g.tenant and t.started_at = g.started_at and t.seq = g.seq, t.tags
from trace_tag g
left join trace t on t.id = g.trace
