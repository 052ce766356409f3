select kind, value, part, members from facet
