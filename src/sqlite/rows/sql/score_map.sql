-- of each name the value in the row with the greatest id
select name, value, max(id) from score where trace = ?1 and span_id is null and value is not null group by name
