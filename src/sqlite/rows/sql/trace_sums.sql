select status is not 'running', derived, input_tokens, output_tokens, total_tokens, cost, currency from trace where id = ?1
