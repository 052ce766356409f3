insert into block (first, last, data) values (?1, ?2, ?3)
