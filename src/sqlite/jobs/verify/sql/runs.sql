select r.first, r.last, r.block, b.first, b.last from block_run r left join block b on b.id = r.block order by r.first
