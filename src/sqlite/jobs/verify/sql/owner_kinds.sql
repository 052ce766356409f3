select owner, piece from piece_hash where owner & 3 = 3
union all
select owner, piece from piece_owner where owner & 3 = 3
