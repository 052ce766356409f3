-- numbered as in span_insert.sql
update span
set
  version = ?4, changed_seq = ?5, updated_at = ?7, state = ?8, engine = ?9, parent_span_id = ?10, kind = ?11, name = ?12,
  status = ?13, tool_type = ?14, started_at = ?15, until = ?16, duration_ms = ?17, tags = ?18, body = ?19,
  session_id = ?20, user_id = ?21, end_user_id = ?22, message_id = ?23, type = ?24, status_reason = ?25,
  error_type = ?26, error_code = ?27, recoverable = ?28, step_type = ?29, step_name = ?30, role = ?31, query_type = ?32,
  confidence = ?33, chosen = ?34, results_count = ?35, operation = ?36, provider = ?37, request_model = ?38,
  response_model = ?39, model_version = ?40, input_tokens = ?41, output_tokens = ?42, total_tokens = ?43,
  cache_read_tokens = ?44, cache_write_tokens = ?45, reasoning_tokens = ?46, finish_reasons = ?47, conversation_id = ?48,
  tool_name = ?49, tool_call_id = ?50, agent_name = ?51, cost = ?52, currency = ?53
where id = ?1
