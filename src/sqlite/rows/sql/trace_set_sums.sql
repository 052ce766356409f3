update trace
set changed_seq = ?2, input_tokens = ?3, output_tokens = ?4, total_tokens = ?5, cost = ?6, currency = ?7
where id = ?1
