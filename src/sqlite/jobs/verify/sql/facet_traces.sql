select * from trace where seq is not null
