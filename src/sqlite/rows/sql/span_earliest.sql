select min(started_at) from span where trace = ?1 and state is not 'awaited'
