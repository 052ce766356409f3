select * from trace where started_at is not null
