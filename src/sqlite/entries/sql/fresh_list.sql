select f.id, f.trace, length(f.data), coalesce(t.status <> 'running', false)
from fresh f
join trace t on t.id = f.trace
order by f.trace, f.id
