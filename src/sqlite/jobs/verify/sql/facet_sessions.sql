select * from session
