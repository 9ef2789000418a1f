-- Visits and the applications they end in.

-- name: add_visit
-- A visit as it opens; one that was left before it opened stays left.
INSERT INTO visit (hall, visit, terminal, matter, today, opened_at, state, sealed)
VALUES (:hall, :visit, :terminal, :matter, :today, :at, 'open', :sealed) ON CONFLICT DO NOTHING

-- name: visit
-- One visit with its sealed records.
SELECT terminal, matter, today, state, sealed FROM visit WHERE hall = :hall AND visit = :visit

-- name: left_before_opening
-- A mark for a visit that ended while its look-up was still on the way.
INSERT INTO visit (hall, visit, terminal, matter, today, opened_at, state, sealed)
VALUES (:hall, :visit, '', '', '', :at, 'left', NULL) ON CONFLICT DO NOTHING

-- name: drop_visit
-- The records of an unsubmitted visit go with the citizen.
UPDATE visit SET state = 'left', sealed = NULL WHERE hall = :hall AND visit = :visit AND state = 'open'

-- name: drop_abandoned
-- Records of visits whose terminal never said goodbye, e.g. by a power cut.
UPDATE visit SET state = 'left', sealed = NULL WHERE hall = :hall AND state = 'open' AND opened_at < :before

-- name: visit_submitted
-- The visit became a case; its records move to the application.
UPDATE visit SET state = 'submitted' WHERE hall = :hall AND visit = :visit AND state = 'open'

-- name: add_application
-- A submitted application, sealed, with the records that its citizen saw.
INSERT INTO application (hall, visit, person, sealed, lookup) VALUES (:hall, :visit, :person, :sealed, :lookup)

-- name: application
-- One application and what the departments had said at the terminal.
SELECT sealed, lookup FROM application WHERE hall = :hall AND visit = :visit

-- name: amend_application
-- The application with a clerk's amendments.
UPDATE application SET sealed = :sealed WHERE hall = :hall AND visit = :visit

-- name: visits_of
-- A person's visits, found by the blind index of the number.
SELECT visit FROM application WHERE hall = :hall AND person = :person ORDER BY id
