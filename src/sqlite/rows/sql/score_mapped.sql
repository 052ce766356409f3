select id, trace, version, created_at, updated_at, body
from score
where trace = ?1 and span_id is null and value is not null
