select session_id, tenant, id, updated_at, seq, tags from session
