insert into link (id, tenant, source, target, type, place, version, created_at, updated_at, attributes)
values (:id, :tenant, :source, :target, :type, :place, :version, :created_at, :updated_at, :attributes)
on conflict (id) do update
set version = excluded.version, updated_at = excluded.updated_at, attributes = excluded.attributes
