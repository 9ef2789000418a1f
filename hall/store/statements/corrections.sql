-- Disputes about records, and what their owners answer.

-- name: add_correction
-- A dispute of a case; the same record can be disputed once at a time.
INSERT INTO correction (hall, correction, visit, position, person, item, department, state, by_hand, reason, opened_at, sealed)
SELECT :hall, :correction, :visit, count(*) + 1, :person, :item, :department, 'open', 0, '', :at, :sealed
FROM correction WHERE hall = :hall AND visit = :visit
ON CONFLICT DO NOTHING RETURNING correction

-- name: correction
-- One dispute and how it stands.
SELECT correction, state, by_hand, reason, answered_at, sealed,
  (SELECT count(*) FROM evidence AS e WHERE e.hall = c.hall AND e.correction = c.correction) AS pictures
FROM correction AS c WHERE hall = :hall AND correction = :correction

-- name: visit_of_correction
-- The case that a dispute belongs to.
SELECT visit FROM correction WHERE hall = :hall AND correction = :correction

-- name: corrections_of_visit
-- The disputes of a case, oldest first.
SELECT correction FROM correction WHERE hall = :hall AND visit = :visit ORDER BY position

-- name: corrections_of_person
-- Everything that one person said was wrong, oldest first.
SELECT correction FROM correction WHERE hall = :hall AND person = :person ORDER BY opened_at, visit, position

-- name: unheard_corrections
-- Answers that the person has not read yet.
SELECT correction FROM correction
WHERE hall = :hall AND person = :person AND answered_at IS NOT NULL AND heard_at IS NULL ORDER BY opened_at, visit, position

-- name: sent_corrections
-- Those whose owner has not answered, oldest first.
SELECT correction FROM correction WHERE hall = :hall AND state IN ('open', 'sent') AND state = 'sent' ORDER BY opened_at, visit, position

-- name: left_corrections
-- Those of cases that nobody came for on an earlier day.
SELECT c.correction FROM correction AS c JOIN ticket AS t ON t.hall = c.hall AND t.visit = c.visit
WHERE c.hall = :hall AND c.state IN ('open', 'sent') AND c.state = 'open' AND t.status <> 'called' AND t.queue_day < :day

-- name: wanting_more
-- The last request about the same record that its owner wanted more papers for.
SELECT correction FROM correction
WHERE hall = :hall AND person = :person AND item = :item AND department = :department AND state = 'needs_more'
ORDER BY opened_at DESC LIMIT 1

-- name: move_correction
-- How a dispute stands now.
UPDATE correction SET state = :state, by_hand = :by_hand, reason = :reason, answered_at = :answered_at, sealed = :sealed
WHERE hall = :hall AND correction = :correction

-- name: hear_correction
-- The person has read the answer, once.
UPDATE correction SET heard_at = :at
WHERE hall = :hall AND correction = :correction AND person = :person AND answered_at IS NOT NULL AND heard_at IS NULL
RETURNING visit, item, department

-- name: add_evidence
-- One more picture that goes with a dispute.
INSERT INTO evidence (hall, correction, position, sealed)
SELECT :hall, :correction, count(*) + 1, :sealed FROM evidence WHERE hall = :hall AND correction = :correction

-- name: evidence
-- The pictures that go with a dispute, in order.
SELECT sealed FROM evidence WHERE hall = :hall AND correction = :correction ORDER BY position
