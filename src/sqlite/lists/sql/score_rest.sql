id < :before
and (:span_id is null or span_id = :span_id)
and (:name is null or +name = :name)
and (:label is null or +label = :label)
and (:source is null or +source = :source)
and (:author is null or +author = :author)
and (:least is null or value >= :least)
and (:most is null or value <= :most)
order by id desc
limit :limit offset :offset
