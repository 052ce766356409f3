select owner, piece, uses, first from piece_hash where owner & 3 = ?1
union all
select owner, piece, uses, first from piece_owner where owner & 3 = ?1
order by owner, piece
