select piece from piece_hash where not exists (select 1 from piece where piece.id = piece_hash.piece)
