insert into span (
  id, trace, span_id, version, changed_seq, state, engine, parent_span_id, kind, name, status, tool_type, started_at, until,
  duration_ms, body
)
values (
  :id, :trace, :span_id, :version, :changed_seq, :state, :engine, :parent_span_id, :kind, :name, :status, :tool_type,
  :started_at, :until, :duration_ms, :body
)
on conflict do nothing
