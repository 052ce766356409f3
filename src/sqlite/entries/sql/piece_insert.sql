insert into piece (id, data) values (?1, ?2)
