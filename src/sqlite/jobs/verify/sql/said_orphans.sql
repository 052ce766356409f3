select 'score', score_id from score where not exists (select 1 from trace where trace.id = score.trace)
union all
select 'annotation', annotation_id
from annotation
where not exists (select 1 from trace where trace.id = annotation.trace)
