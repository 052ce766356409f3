select id, trace, version, created_at, updated_at, body from annotation where tenant = ?1 and annotation_id = ?2
