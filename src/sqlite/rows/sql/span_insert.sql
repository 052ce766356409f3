insert into span (
  id, trace, span_id, version, changed_seq, created_at, updated_at, state, engine, parent_span_id, kind, name, status,
  tool_type, started_at, until, duration_ms, tags, body, operation, provider, request_model, response_model,
  finish_reasons, input_tokens, output_tokens, total_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
  cost, currency, conversation_id, tool_name, tool_call_id, agent_name, type, session_id, user_id, end_user_id,
  message_id, status_reason, error_type, error_code, recoverable, step_type, step_name, role, query_type, confidence,
  chosen, results_count, model_version
)
values (
  ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,
  ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46, ?47, ?48, ?49,
  ?50, ?51, ?52, ?53
)
on conflict do nothing
