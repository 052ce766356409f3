select * from session where body is null or version = 0
