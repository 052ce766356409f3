-- numbered as in span_insert.sql
update span
set
  version = ?4, changed_seq = ?5, updated_at = ?7, state = ?8, engine = ?9, parent_span_id = ?10, kind = ?11, name = ?12,
  status = ?13, tool_type = ?14, started_at = ?15, until = ?16, duration_ms = ?17, tags = ?18, body = ?19,
  operation = ?20, provider = ?21, request_model = ?22, response_model = ?23, finish_reasons = ?24, input_tokens = ?25,
  output_tokens = ?26, total_tokens = ?27, cache_read_tokens = ?28, cache_write_tokens = ?29, reasoning_tokens = ?30,
  cost = ?31, currency = ?32, conversation_id = ?33, tool_name = ?34, tool_call_id = ?35, agent_name = ?36, type = ?37,
  session_id = ?38, user_id = ?39, end_user_id = ?40, message_id = ?41, status_reason = ?42, error_type = ?43,
  error_code = ?44, recoverable = ?45, step_type = ?46, step_name = ?47, role = ?48, query_type = ?49, confidence = ?50,
  chosen = ?51, results_count = ?52, model_version = ?53
where id = ?1
