-- What clerks did with a case.

-- name: add_decision
-- What a clerk did, next in the case's history.
INSERT INTO decision (hall, visit, position, action, sealed)
SELECT :hall, :visit, count(*) + 1, :action, :sealed FROM decision WHERE hall = :hall AND visit = :visit

-- name: decisions
-- The history of a case.
SELECT sealed FROM decision WHERE hall = :hall AND visit = :visit ORDER BY position

-- name: last_decision
-- The newest decision of one kind.
SELECT sealed FROM decision WHERE hall = :hall AND visit = :visit AND action = :action ORDER BY position DESC LIMIT 1
