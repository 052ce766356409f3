select id, agent_name, status, user_id, tags from trace where seq is not null
