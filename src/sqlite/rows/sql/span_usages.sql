select span_id, parent_span_id, kind is 'llm', input_tokens, output_tokens, total_tokens, cost, currency
from span
where trace = ?1 and state is not 'awaited'
order by id
