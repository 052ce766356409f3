  a.id, a.trace, a.version, a.created_at, a.updated_at, a.body,
  a.annotation_id, t.trace_id, a.span_id, a.identifier, a.kind, a.author
from annotation a
join trace t on t.id = a.trace
