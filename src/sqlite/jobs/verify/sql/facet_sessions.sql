select s.*, 0 as recorded from session s
