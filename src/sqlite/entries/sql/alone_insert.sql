insert into alone (id, data) values (?1, ?2)
