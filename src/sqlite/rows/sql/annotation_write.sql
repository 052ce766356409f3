insert into annotation (
  id, tenant, annotation_id, version, trace, span_id, identifier, kind, author, created_at, updated_at, body
)
values (
  :id, :tenant, :annotation_id, :version, :trace, :span_id, :identifier, :kind, :author, :created_at, :updated_at, :body
)
on conflict (id) do update
set
  version = excluded.version,
  kind = excluded.kind,
  author = excluded.author,
  updated_at = excluded.updated_at,
  body = excluded.body
