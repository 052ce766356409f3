select id, user_id, tags from session
