select id, data from alone
