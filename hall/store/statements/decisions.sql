-- What clerks did with a case.

-- name: add_decision
-- What a clerk did, next in the case's history; with the records that an acceptance was decided upon.
INSERT INTO decision (hall, visit, position, action, sealed, lookup)
SELECT :hall, :visit, count(*) + 1, :action, :sealed, :lookup FROM decision WHERE hall = :hall AND visit = :visit

-- name: decisions
-- The history of a case.
SELECT sealed, lookup FROM decision WHERE hall = :hall AND visit = :visit ORDER BY position
