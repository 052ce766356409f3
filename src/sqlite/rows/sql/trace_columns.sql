t.id, t.trace_id, t.version, t.changed_seq, t.created_at, t.updated_at, t.engine, t.seq, t.origin, t.derived, t.root, t.root_started_at, t.config_snapshot_id, t.session_id, t.parent_trace_id, t.agent_name,
t.agent_version, t.status, t.user_id, t.auditing_id, t.end_user_id, t.model, t.started_at, t.completed_at, t.duration_ms, t.tags, t.has_scores, t.body,
t.message_id, t.status_reason, t.error_type, t.error_code, t.recoverable, t.input_tokens, t.output_tokens, t.total_tokens, t.cost, t.currency
