from span
where trace = ?1 and parent_span_id is null and state is not 'awaited'
order by started_at, id
limit 1
