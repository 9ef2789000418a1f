-- What departments have, compared with what they were sent.

-- name: claim_reconciliation
-- One process compares a department's day; one that died loses it when its lease ends. `again`: a person asked for it.
INSERT INTO reconciliation (hall, day, department, state, began_at, until, ended_at, problem, matched, missing, different, surplus)
VALUES (:hall, :day, :department, 'running', :now, :until, NULL, '', 0, 0, 0, 0)
ON CONFLICT (hall, day, department) DO UPDATE
SET state = 'running', began_at = :now, until = :until, ended_at = NULL, problem = ''
WHERE (reconciliation.state = 'running' AND reconciliation.until <= :now) OR (:again = 1 AND reconciliation.state <> 'running')
RETURNING department

-- name: reconciled
-- The report; only of whoever holds the lease.
UPDATE reconciliation SET state = :state, ended_at = :at, problem = :problem, matched = :matched, missing = :missing,
  different = :different, surplus = :surplus
WHERE hall = :hall AND day = :day AND department = :department AND state = 'running' AND began_at = :began_at
RETURNING department

-- name: drop_findings
-- An earlier comparison of the same day.
DELETE FROM reconciliation_finding WHERE hall = :hall AND day = :day AND department = :department

-- name: add_finding
-- One case that is not the same on both sides.
INSERT INTO reconciliation_finding (hall, day, department, position, kind, subject, ours, theirs)
VALUES (:hall, :day, :department, :position, :kind, :subject, :ours, :theirs)

-- name: accepted_since
-- What a department took since a day, and is said to have.
SELECT d.subject, d.by_hand, s.number, s.sent FROM delivery AS d
JOIN delivery_step AS s ON s.hall = d.hall AND s.subject = d.subject AND s.department = d.department AND s.name = 'accept'
WHERE d.hall = :hall AND d.department = :department AND d.accepted_at >= :since AND s.done_at IS NOT NULL
ORDER BY d.accepted_at, d.subject

-- name: known_number
-- Whether any case ever had this number from the department.
SELECT subject FROM delivery_step WHERE hall = :hall AND department = :department AND name = 'accept' AND number = :number

-- name: known_delivery
-- How a delivery stands that an entry there names.
SELECT d.dead_at, s.done_at FROM delivery AS d
JOIN delivery_step AS s ON s.hall = d.hall AND s.subject = d.subject AND s.department = d.department AND s.name = 'accept'
WHERE d.hall = :hall AND d.subject = :subject AND d.department = :department

-- name: reconciliation_days
-- The days that have a report, the newest first.
SELECT DISTINCT day FROM reconciliation WHERE hall = :hall ORDER BY day DESC LIMIT :most

-- name: reconciliations
-- One day's reports.
SELECT department, state, began_at, ended_at, problem, matched, missing, different, surplus
FROM reconciliation WHERE hall = :hall AND day = :day ORDER BY department

-- name: findings
-- What one day's comparison found, with the number of the queue where there is one; whether it is on its way again.
SELECT f.department, f.kind, f.subject, f.ours, f.theirs, t.number AS ticket, t.working_day, t.matter, d.done
FROM reconciliation_finding AS f
LEFT JOIN ticket AS t ON t.hall = f.hall AND t.visit = f.subject
LEFT JOIN delivery AS d ON d.hall = f.hall AND d.subject = f.subject AND d.department = f.department
WHERE f.hall = :hall AND f.day = :day ORDER BY f.department, f.position LIMIT :most

-- name: forget_reconciliations
-- Reports that nobody looks at any more.
DELETE FROM reconciliation WHERE hall = :hall AND day < :before

-- name: forget_findings
-- With their reports.
DELETE FROM reconciliation_finding WHERE hall = :hall AND day < :before
