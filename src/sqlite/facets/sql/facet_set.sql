insert into facet (kind, value, part, members) values (?1, ?2, ?3, ?4)
on conflict do update set members = excluded.members
