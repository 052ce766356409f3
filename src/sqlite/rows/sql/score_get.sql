select
  s.id, s.trace, s.version, s.created_at, s.updated_at, s.body,
  s.score_id, t.trace_id, s.span_id, s.name, s.value, s.label, s.source, s.author
from score s
join trace t on t.id = s.trace
where s.id = ?1
