select bytes_in from state where id = 1
