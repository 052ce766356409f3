insert into piece (data) values (?1)
