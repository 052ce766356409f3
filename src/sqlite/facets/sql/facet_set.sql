insert into facet (tenant, kind, value, part, members) values (?1, ?2, ?3, ?4, ?5)
on conflict do update set members = excluded.members
