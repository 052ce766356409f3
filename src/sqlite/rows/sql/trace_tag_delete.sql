delete from trace_tag where tenant = ?1 and tag = ?2 and started_at = ?3 and seq = ?4
