-- Outcomes on their way to the departments.

-- name: add_delivery
-- An outcome to be sent to a department, due at once.
INSERT INTO delivery (hall, subject, department, next_try, done, added_at) VALUES (:hall, :subject, :department, :at, 0, :at)

-- name: add_step
-- One remembered step of a delivery.
INSERT INTO delivery_step (hall, subject, department, position, name, tries, done_at, number, problem)
VALUES (:hall, :subject, :department, :position, :name, 0, NULL, '', '')

-- name: next_delivery
-- When the next delivery falls due.
SELECT min(next_try) AS next_try FROM delivery WHERE hall = :hall AND done = 0

-- name: due_departments
-- Departments for which something is due, the longest due first.
SELECT department FROM delivery WHERE hall = :hall AND done = 0 AND next_try <= :now GROUP BY department ORDER BY min(next_try)

-- name: lease
-- Deliveries that are due become somebody's until the lease ends; a sender that dies loses them then. Department by
-- department: those of one that hangs take nobody else's turn.
UPDATE delivery SET next_try = :until, leases = leases + 1
WHERE hall = :hall AND department = :department AND done = 0 AND subject IN (
  SELECT subject FROM delivery WHERE hall = :hall AND department = :department AND done = 0 AND next_try <= :now
  ORDER BY next_try LIMIT :most
) RETURNING subject, department, leases

-- name: deliveries
-- The steps of every delivery of a case, in order.
SELECT s.department, s.name, s.tries, s.done_at, s.number, s.problem, s.sent, s.failing_since, d.next_try, d.dead_at, d.by_hand,
  d.progress, d.progress_at
FROM delivery_step AS s JOIN delivery AS d ON d.hall = s.hall AND d.subject = s.subject AND d.department = s.department
WHERE s.hall = :hall AND s.subject = :subject ORDER BY s.department, s.position

-- name: step_done
-- A step succeeds once; a repeat finds it done.
UPDATE delivery_step SET tries = tries + 1, done_at = :at, number = :number, problem = '', failing_since = NULL, sent = :sent
WHERE hall = :hall AND subject = :subject AND department = :department AND name = :name AND done_at IS NULL RETURNING name

-- name: go_on
-- A step was done: the lease begins anew for the next one. Who was woken meanwhile stays awake.
UPDATE delivery SET next_try = :until
WHERE hall = :hall AND subject = :subject AND department = :department AND done = 0 AND next_try > :now AND next_try < :until

-- name: has_accepted
-- When the department first took it.
UPDATE delivery SET accepted_at = :at
WHERE hall = :hall AND subject = :subject AND department = :department AND accepted_at IS NULL

-- name: number_kept
-- The number that a done step keeps.
SELECT number FROM delivery_step
WHERE hall = :hall AND subject = :subject AND department = :department AND name = :name AND done_at IS NOT NULL

-- name: close_delivery
-- A delivery is done when all of its steps are.
UPDATE delivery SET done = 1 WHERE hall = :hall AND subject = :subject AND department = :department AND done = 0
  AND NOT EXISTS (
    SELECT 1 FROM delivery_step AS s WHERE s.hall = :hall AND s.subject = :subject AND s.department = :department AND s.done_at IS NULL
  )
RETURNING department

-- name: put_off
-- The next try of a delivery; the same instant again means that the failure was already told.
UPDATE delivery SET next_try = :next_try
WHERE hall = :hall AND subject = :subject AND department = :department AND done = 0 AND next_try <> :next_try
RETURNING department

-- name: put_off_step
-- The next try of a step that failed; a sender that comes late with its failure finds the step done, or told.
UPDATE delivery SET next_try = :next_try, dead_at = :dead_at
WHERE hall = :hall AND subject = :subject AND department = :department AND done = 0 AND next_try <> :next_try AND EXISTS (
  SELECT 1 FROM delivery_step AS s
  WHERE s.hall = :hall AND s.subject = :subject AND s.department = :department AND s.name = :name AND s.done_at IS NULL
)
RETURNING department

-- name: wait_on
-- When to ask again for a decision that is still awaited; one that came or was ended meanwhile is not put off.
UPDATE delivery SET next_try = :next_try
WHERE hall = :hall AND subject = :subject AND department = :department AND done = 0 AND next_try <> :next_try AND EXISTS (
  SELECT 1 FROM delivery_step AS s
  WHERE s.hall = :hall AND s.subject = :subject AND s.department = :department AND s.name = :name AND s.done_at IS NULL
)
RETURNING department

-- name: step_answered
-- The department answered, only not yet with a decision: earlier failures count no more.
UPDATE delivery_step SET tries = 0, problem = '', failing_since = NULL
WHERE hall = :hall AND subject = :subject AND department = :department AND name = :name AND done_at IS NULL

-- name: approvals
-- What each department decided; '' while it thinks.
SELECT department, number FROM delivery_step WHERE hall = :hall AND subject = :subject AND name = 'approval'

-- name: end_approvals
-- Nobody's decision is awaited any more.
UPDATE delivery_step SET done_at = :at, number = 'withdrawn', problem = ''
WHERE hall = :hall AND subject = :subject AND name = 'approval' AND done_at IS NULL

-- name: spare_outcome
-- A department that refused knows the outcome.
UPDATE delivery_step SET done_at = :at, problem = ''
WHERE hall = :hall AND subject = :subject AND department = :department AND name = 'outcome' AND done_at IS NULL

-- name: deliver_now
-- What is left to tell about a case is told at once.
UPDATE delivery SET next_try = :at, dead_at = NULL WHERE hall = :hall AND subject = :subject AND done = 0

-- name: step_failed
-- One more try that failed, and why.
UPDATE delivery_step SET tries = tries + 1, problem = :problem, failing_since = COALESCE(failing_since, :at)
WHERE hall = :hall AND subject = :subject AND department = :department AND name = :name AND done_at IS NULL RETURNING name

-- name: end_delivery
-- Nobody sends this any more: a person took it over.
UPDATE delivery SET done = 1 WHERE hall = :hall AND subject = :subject AND done = 0
