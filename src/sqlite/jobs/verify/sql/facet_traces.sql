select * from trace
