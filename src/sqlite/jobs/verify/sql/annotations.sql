select
  a.id, a.trace, a.version, a.created_at, a.updated_at, a.body,
  a.annotation_id, '' as trace_id, a.span_id, a.identifier, a.kind, a.author
from annotation a
where a.trace = ?1
order by a.body
