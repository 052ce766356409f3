select tenant, kind, value, part, members from facet
