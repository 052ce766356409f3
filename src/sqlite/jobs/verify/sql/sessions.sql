select id, session_id, body, tenant from session order by id
