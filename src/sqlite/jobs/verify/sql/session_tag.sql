select exists (select 1 from session_tag where tag = ?1 and updated_at = ?2 and seq = ?3 and session = ?4)
