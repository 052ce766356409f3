select count(*) from trace where tenant = ?1 and session_id = ?2
