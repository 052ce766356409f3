select exists (select 1 from trace_tag where tag = ?1 and started_at = ?2 and seq = ?3 and trace = ?4)
