select part, members from facet where kind = ?1 and value = ?2 order by part
