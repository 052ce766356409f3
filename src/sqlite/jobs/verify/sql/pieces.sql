select id, data from piece
