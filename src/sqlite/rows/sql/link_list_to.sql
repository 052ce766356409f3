select id, source, target, type, place, version, created_at, updated_at, attributes
from link
where tenant = ?1 and target = ?2
