select id, tenant, source, target, type, place, version, created_at, updated_at, attributes from link
