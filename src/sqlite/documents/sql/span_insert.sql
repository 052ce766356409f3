insert into span (trace, span_id, parent_span_id, kind, name, status, tool_type, started_at, duration_ms, written, body)
values (:trace, :span_id, :parent_span_id, :kind, :name, :status, :tool_type, :started_at, :duration_ms, :body, :body)
on conflict do nothing
