-- Deliveries as a supervisor watches them, and what a person does with those that were given up.

-- name: delivery_counts
-- How many of each department are on their way, in trouble and given up; corrections have a page of their own.
SELECT d.department, count(*) AS under_way,
  sum(CASE WHEN d.dead_at IS NOT NULL THEN 1 ELSE 0 END) AS dead,
  sum(CASE WHEN d.dead_at IS NULL AND EXISTS (
    SELECT 1 FROM delivery_step AS s WHERE s.hall = d.hall AND s.subject = d.subject AND s.department = d.department
      AND s.done_at IS NULL AND s.problem <> ''
  ) THEN 1 ELSE 0 END) AS troubled
FROM delivery AS d JOIN ticket AS t ON t.hall = d.hall AND t.visit = d.subject
WHERE d.hall = :hall AND d.done = 0 GROUP BY d.department

-- name: delivered_since
-- How many each department took since an instant.
SELECT department, count(*) AS accepted FROM delivery WHERE hall = :hall AND accepted_at >= :since GROUP BY department

-- name: troubled_deliveries
-- Those that a person may want to look at: given up first, then in trouble, the oldest trouble first.
SELECT d.subject, d.department, t.number AS ticket, t.matter, t.working_day, s.name, s.tries, s.problem, s.failing_since,
  d.next_try, d.dead_at
FROM delivery AS d
JOIN ticket AS t ON t.hall = d.hall AND t.visit = d.subject
JOIN delivery_step AS s ON s.hall = d.hall AND s.subject = d.subject AND s.department = d.department
WHERE d.hall = :hall AND d.done = 0 AND s.done_at IS NULL AND s.problem <> '' AND (:department = '' OR d.department = :department)
ORDER BY d.department, CASE WHEN d.dead_at IS NULL THEN 1 ELSE 0 END, s.failing_since, t.number LIMIT :most

-- name: troubled_at
-- One of them.
SELECT d.subject, d.department, t.number AS ticket, t.matter, t.working_day, s.name, s.tries, s.problem, s.failing_since,
  d.next_try, d.dead_at
FROM delivery AS d
JOIN ticket AS t ON t.hall = d.hall AND t.visit = d.subject
JOIN delivery_step AS s ON s.hall = d.hall AND s.subject = d.subject AND s.department = d.department
WHERE d.hall = :hall AND d.subject = :subject AND d.department = :department AND d.done = 0 AND s.done_at IS NULL
  AND s.problem <> ''

-- name: dead_of
-- Every delivery to a department that was given up.
SELECT d.subject, d.department FROM delivery AS d JOIN ticket AS t ON t.hall = d.hall AND t.visit = d.subject
WHERE d.hall = :hall AND d.department = :department AND d.done = 0 AND d.dead_at IS NOT NULL ORDER BY d.added_at, d.subject

-- name: revive
-- Sent again at once; only what was given up.
UPDATE delivery SET next_try = :at, dead_at = NULL
WHERE hall = :hall AND subject = :subject AND department = :department AND done = 0 AND dead_at IS NOT NULL RETURNING subject

-- name: fresh_budget
-- The step it is at has all of its tries again; its problem is shown until the next answer.
UPDATE delivery_step SET tries = 0
WHERE hall = :hall AND subject = :subject AND department = :department AND done_at IS NULL

-- name: reopen
-- The department lost it: on its way again.
UPDATE delivery SET next_try = :at, dead_at = NULL, done = 0, by_hand = ''
WHERE hall = :hall AND subject = :subject AND department = :department AND done = 1 RETURNING subject

-- name: reopen_steps
-- Accepted and read back anew; what was decided and told stays.
UPDATE delivery_step SET done_at = NULL, tries = 0, number = '', problem = '', failing_since = NULL, sent = ''
WHERE hall = :hall AND subject = :subject AND department = :department AND name IN ('accept', 'read_back')

-- name: number_taken
-- Another delivery that the department gave this number.
SELECT subject FROM delivery_step WHERE hall = :hall AND department = :department AND name = 'accept' AND number = :number
  AND subject <> :subject

-- name: carried
-- A person took it there: nobody sends it any more.
UPDATE delivery SET by_hand = :clerk, dead_at = NULL, next_try = :at, accepted_at = :at
WHERE hall = :hall AND subject = :subject AND department = :department AND done = 0 AND dead_at IS NOT NULL AND EXISTS (
  SELECT 1 FROM delivery_step AS s WHERE s.hall = :hall AND s.subject = :subject AND s.department = :department
    AND s.name = 'read_back' AND s.done_at IS NULL
)
RETURNING subject

-- name: carried_steps
-- The department's number as the person brought it back.
UPDATE delivery_step SET done_at = :at, number = CASE name WHEN 'accept' THEN :number ELSE '' END, problem = '',
  failing_since = NULL, sent = ''
WHERE hall = :hall AND subject = :subject AND department = :department AND name IN ('accept', 'read_back')
