delete from trace_tag where tag = ?1 and started_at = ?2 and seq = ?3
