delete from session_tag where tenant = ?1 and tag = ?2 and updated_at = ?3 and seq = ?4
