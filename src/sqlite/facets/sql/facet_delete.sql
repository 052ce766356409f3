delete from facet where kind = ?1 and value = ?2 and part = ?3
