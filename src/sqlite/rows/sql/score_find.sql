select id, trace, version, created_at, updated_at, body from score where tenant = ?1 and score_id = ?2
