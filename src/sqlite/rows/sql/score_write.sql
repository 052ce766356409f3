insert into score (
  id, tenant, score_id, version, trace, span_id, name, value, label, source, author, created_at, updated_at, body
)
values (
  :id, :tenant, :score_id, :version, :trace, :span_id, :name, :value, :label, :source, :author, :created_at, :updated_at,
  :body
)
on conflict (id) do update
set
  version = excluded.version,
  trace = excluded.trace,
  span_id = excluded.span_id,
  name = excluded.name,
  value = excluded.value,
  label = excluded.label,
  source = excluded.source,
  author = excluded.author,
  updated_at = excluded.updated_at,
  body = excluded.body
