insert into span (
  id, trace, span_id, version, changed_seq, created_at, updated_at, state, engine, parent_span_id, kind, name, status,
  tool_type, started_at, until, duration_ms, tags, body
)
values (
  :id, :trace, :span_id, :version, :changed_seq, :created_at, :updated_at, :state, :engine, :parent_span_id, :kind, :name,
  :status, :tool_type, :started_at, :until, :duration_ms, :tags, :body
)
on conflict do nothing
