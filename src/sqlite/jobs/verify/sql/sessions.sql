select id, session_id, body from session order by id
