select f.id, f.trace, length(f.data), coalesce(t.status <> 'running', false)
from fresh f
join trace t on t.id = f.trace
where f.id < coalesce((select id from fresh order by id limit 1 offset ?1), 9223372036854775807)
order by f.trace, f.id
