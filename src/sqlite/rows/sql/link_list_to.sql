select id, source, target, type, version, created_at, updated_at, attributes
from link
where tenant = ?1 and target = ?2
