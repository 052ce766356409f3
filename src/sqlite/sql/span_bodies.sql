select body from span where trace = ?1
