insert into span (trace, span_id, parent_span_id, kind, name, status, tool_type, started_at, duration_ms, body)
values (:trace, :span_id, :parent_span_id, :kind, :name, :status, :tool_type, :started_at, :duration_ms, :body)
on conflict do nothing
