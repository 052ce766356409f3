select body from span where trace = ?1 and body is not null
union all
select body from span_word where trace = ?1
union all
select body from trace where id = ?1
union all
select body from score where trace = ?1
union all
select body from annotation where trace = ?1
