  operation, provider, request_model, response_model, finish_reasons, input_tokens, output_tokens, total_tokens,
  cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, currency, conversation_id, tool_name, tool_call_id,
  agent_name, type, session_id, user_id, end_user_id, message_id, status_reason, error_type, error_code, recoverable,
  step_type, step_name, role, query_type, confidence, chosen, results_count, model_version
