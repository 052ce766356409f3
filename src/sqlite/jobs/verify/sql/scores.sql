select
  s.id, s.trace, s.version, s.created_at, s.updated_at, s.body,
  s.score_id, '' as trace_id, s.span_id, s.name, s.value, s.label, s.source, s.author
from score s
where s.trace = ?1
order by s.body
