update trace set status = ?2, completed_at = ?3 where id = ?1
