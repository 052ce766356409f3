select session_id, id, updated_at, seq, tags from session
