insert into fresh (id, trace, data) values (?1, ?2, ?3)
