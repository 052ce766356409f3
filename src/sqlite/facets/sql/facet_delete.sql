delete from facet where tenant = ?1 and kind = ?2 and value = ?3 and part = ?4
