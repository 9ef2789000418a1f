-- Every statement of the hall's store, by name. The lines under a name say what it does and why.
-- `:hall` is bound by the transaction. Read by hall/store/queries.py.

-- name: found_hall
-- The hall's own row, from which events are numbered.
INSERT INTO hall (hall, event) VALUES (:hall, 0) ON CONFLICT DO NOTHING

-- name: next_event
-- The next event number, given inside the transaction so that numbers are dense and in commit order.
UPDATE hall SET event = event + 1 WHERE hall = :hall RETURNING event

-- name: add_event
-- One numbered event for the pages.
INSERT INTO event (hall, number, day, name, visit, window) VALUES (:hall, :number, :day, :name, :visit, :window)

-- name: forget_events
-- Events that no page asks for any more; their numbers do not come again.
DELETE FROM event WHERE hall = :hall AND day < :before

-- name: events_after
-- Events a page has not seen yet, in order.
SELECT number, name, visit, window FROM event WHERE hall = :hall AND number > :number ORDER BY number LIMIT :most

-- name: last_event
-- The number of the newest event.
SELECT event FROM hall WHERE hall = :hall

-- name: last_audit
-- The end of the audit chain.
SELECT number, hash FROM audit WHERE hall = :hall ORDER BY number DESC LIMIT 1

-- name: add_audit
-- One line of the audit, chained to the line before.
INSERT INTO audit (hall, number, at, event, actor, object, items, outcome, hash)
VALUES (:hall, :number, :at, :event, :actor, :object, :items, :outcome, :hash)

-- name: audit_of
-- What was done about one visit, terminal or clerk.
SELECT number, at, event, actor, object, items, outcome, hash FROM audit
WHERE hall = :hall AND object = :object ORDER BY number

-- name: answered
-- The first answer to a request, and what was asked then.
SELECT asked, answer FROM replay WHERE hall = :hall AND key = :key

-- name: remember
-- The answer to a request, for its repeats.
INSERT INTO replay (hall, key, at, asked, answer) VALUES (:hall, :key, :at, :asked, :answer)

-- name: forget_answers
-- First answers whose repeats nobody sends any more.
DELETE FROM replay WHERE hall = :hall AND at < :before

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

-- name: next_number
-- The next number of a letter and day. Rows are never deleted, so no number comes twice.
INSERT INTO series (hall, day, letter, number) VALUES (:hall, :day, :letter, 1)
ON CONFLICT (hall, day, letter) DO UPDATE SET number = number + 1 RETURNING number

-- name: add_ticket
-- A new ticket at the place its due time gives it; one that is issued at once never stands in line.
INSERT INTO ticket (hall, visit, number, matter, working_day, queue_day, issued_at, due, status, window, calls, called_at)
VALUES (:hall, :visit, :number, :matter, :day, :day, :at, :due, :status, '', 0, '') RETURNING id

-- name: replace_waiting
-- One live application a person and matter: what still waits gives way to what is submitted now.
UPDATE ticket SET status = 'replaced' WHERE hall = :hall AND matter = :matter AND status = 'submitted' AND visit <> :visit
  AND visit IN (SELECT visit FROM application WHERE hall = :hall AND person = :person)
RETURNING visit, due, queue_day

-- name: ahead
-- How many wait in front of a ticket.
SELECT count(*) AS ahead FROM ticket
WHERE hall = :hall AND queue_day = :day AND status = 'submitted' AND (due, id) < (:due, :id)

-- name: claim
-- The first waiting ticket goes to a window that holds none. One statement: select-then-update would
-- give one ticket to two windows (tests/hall/test_queue.py keeps that mutant).
UPDATE ticket SET status = 'called', window = :window, calls = calls + 1, called_at = :at
WHERE id = (
  SELECT id FROM ticket WHERE hall = :hall AND queue_day = :day AND status = 'submitted' ORDER BY due, id LIMIT 1
) AND NOT EXISTS (SELECT 1 FROM ticket WHERE hall = :hall AND window = :window AND status = 'called')
RETURNING visit

-- name: held
-- The ticket that a window holds.
SELECT visit FROM ticket WHERE hall = :hall AND window = :window AND status = 'called'

-- name: last_at
-- The ticket called last at a window, whatever became of it.
SELECT visit FROM ticket WHERE hall = :hall AND window = :window AND window <> '' ORDER BY called_at DESC, id DESC LIMIT 1

-- name: advance
-- A clerk's action on the ticket of that window, guarded by the statuses it is possible in.
UPDATE ticket SET status = :after, calls = calls + :called, called_at = CASE :called WHEN 0 THEN called_at ELSE :at END
WHERE hall = :hall AND visit = :visit AND window = :window AND calls >= :least_calls
  AND status IN (SELECT value FROM json_each(:before))
RETURNING visit

-- name: requeue
-- Back into the line of today with the old number, as if it came now.
UPDATE ticket SET status = :after, window = '', calls = 0, due = :at, queue_day = :day
WHERE hall = :hall AND visit = :visit AND status IN (SELECT value FROM json_each(:before))
RETURNING visit

-- name: ticket
-- One ticket and how it stands.
SELECT number, visit, matter, working_day, issued_at, status, window, calls, 0 AS ahead FROM ticket
WHERE hall = :hall AND visit = :visit

-- name: lines
-- The day's tickets: waiting ones in calling order, then the last called first; a ticket still held
-- at a window is listed whatever its day.
SELECT number, visit, matter, working_day, issued_at, status, window, calls,
  CASE status WHEN 'submitted' THEN row_number() OVER (PARTITION BY status ORDER BY due, id) - 1 ELSE 0 END AS ahead
FROM ticket WHERE hall = :hall AND (queue_day = :day OR status = 'called')
ORDER BY status <> 'submitted', CASE status WHEN 'submitted' THEN due ELSE '' END,
  CASE status WHEN 'submitted' THEN '' ELSE called_at END DESC, CASE status WHEN 'submitted' THEN id ELSE -id END

-- name: add_certificate
-- A paper that the hall itself answers for.
INSERT INTO certificate (hall, visit, found, sealed, revoked_at) VALUES (:hall, :visit, :found, :sealed, NULL)

-- name: certificate
-- The certificate of a visit.
SELECT visit, sealed, revoked_at FROM certificate WHERE hall = :hall AND visit = :visit

-- name: certificate_found
-- The certificate with a verification code, by the code's blind index.
SELECT visit, sealed, revoked_at FROM certificate WHERE hall = :hall AND found = :found

-- name: revoke_certificate
-- The paper is worth nothing from now on.
UPDATE certificate SET revoked_at = :at WHERE hall = :hall AND visit = :visit AND revoked_at IS NULL RETURNING visit

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

-- name: add_delivery
-- An outcome to be sent to a department, due at once.
INSERT INTO delivery (hall, visit, department, next_try, done) VALUES (:hall, :visit, :department, :at, 0)

-- name: add_step
-- One remembered step of a delivery.
INSERT INTO delivery_step (hall, visit, department, position, name, tries, done_at, number, problem)
VALUES (:hall, :visit, :department, :position, :name, 0, NULL, '', '')

-- name: next_delivery
-- When the next delivery falls due.
SELECT min(next_try) AS next_try FROM delivery WHERE hall = :hall AND done = 0

-- name: lease
-- Deliveries that are due become somebody's until the lease ends; a sender that dies loses them then.
UPDATE delivery SET next_try = :until
WHERE hall = :hall AND (visit, department) IN (
  SELECT visit, department FROM delivery WHERE hall = :hall AND done = 0 AND next_try <= :now ORDER BY next_try LIMIT 20
) RETURNING visit, department

-- name: deliveries
-- The steps of every delivery of a case, in order.
SELECT department, name, tries, done_at, number, problem FROM delivery_step
WHERE hall = :hall AND visit = :visit ORDER BY department, position

-- name: step_done
-- A step succeeds once; a repeat finds it done.
UPDATE delivery_step SET tries = tries + 1, done_at = :at, number = :number, problem = ''
WHERE hall = :hall AND visit = :visit AND department = :department AND name = :name AND done_at IS NULL RETURNING name

-- name: close_delivery
-- A delivery is done when all of its steps are.
UPDATE delivery SET done = 1 WHERE hall = :hall AND visit = :visit AND department = :department AND done = 0
  AND NOT EXISTS (
    SELECT 1 FROM delivery_step AS s WHERE s.hall = :hall AND s.visit = :visit AND s.department = :department AND s.done_at IS NULL
  )
RETURNING department

-- name: put_off
-- The next try of a delivery; the same instant again means that the failure was already told.
UPDATE delivery SET next_try = :next_try
WHERE hall = :hall AND visit = :visit AND department = :department AND done = 0 AND next_try <> :next_try
RETURNING department

-- name: wait_on
-- When to ask again for a decision that is still awaited; one that came or was ended meanwhile is not put off.
UPDATE delivery SET next_try = :next_try
WHERE hall = :hall AND visit = :visit AND department = :department AND done = 0 AND next_try <> :next_try AND EXISTS (
  SELECT 1 FROM delivery_step AS s
  WHERE s.hall = :hall AND s.visit = :visit AND s.department = :department AND s.name = :name AND s.done_at IS NULL
)
RETURNING department

-- name: step_answered
-- The department answered, only not yet with a decision: earlier failures count no more.
UPDATE delivery_step SET tries = 0, problem = ''
WHERE hall = :hall AND visit = :visit AND department = :department AND name = :name AND done_at IS NULL

-- name: approvals
-- What each department decided; '' while it thinks.
SELECT department, number FROM delivery_step WHERE hall = :hall AND visit = :visit AND name = 'approval'

-- name: end_approvals
-- Nobody's decision is awaited any more.
UPDATE delivery_step SET done_at = :at, number = 'withdrawn', problem = ''
WHERE hall = :hall AND visit = :visit AND name = 'approval' AND done_at IS NULL

-- name: spare_outcome
-- A department that refused knows the outcome.
UPDATE delivery_step SET done_at = :at, problem = ''
WHERE hall = :hall AND visit = :visit AND department = :department AND name = 'outcome' AND done_at IS NULL

-- name: deliver_now
-- What is left to tell about a case is told at once.
UPDATE delivery SET next_try = :at WHERE hall = :hall AND visit = :visit AND done = 0

-- name: settle
-- An accepted case as the departments ended it.
UPDATE ticket SET status = :after WHERE hall = :hall AND visit = :visit AND status = 'accepted' RETURNING visit

-- name: step_failed
-- One more try that failed, and why.
UPDATE delivery_step SET tries = tries + 1, problem = :problem
WHERE hall = :hall AND visit = :visit AND department = :department AND name = :name AND done_at IS NULL RETURNING name

-- name: add_staff
-- A clerk, or a new password for one.
INSERT INTO staff (hall, name, password) VALUES (:hall, :name, :password)
ON CONFLICT (hall, name) DO UPDATE SET password = excluded.password

-- name: password
-- A clerk's argon2 hash.
SELECT password FROM staff WHERE hall = :hall AND name = :name

-- name: end_sessions
-- Whoever logs in at a window ends the session that was there; a new password ends all of a clerk's.
DELETE FROM session WHERE hall = :hall AND (window = :window OR clerk = :clerk)

-- name: add_session
-- A clerk logged in at a window.
INSERT INTO session (hall, token, clerk, window, started_at, seen_at)
VALUES (:hall, :token, :clerk, :window, :started_at, :seen_at)

-- name: session
-- A session by the hash of its token.
SELECT clerk, window, started_at, seen_at FROM session WHERE hall = :hall AND token = :token

-- name: session_seen
-- The last request of a session.
UPDATE session SET seen_at = max(seen_at, :at) WHERE hall = :hall AND token = :token

-- name: end_session
-- A clerk logs out.
DELETE FROM session WHERE hall = :hall AND token = :token RETURNING clerk, window

-- name: add_wrong_log_in
-- A wrong password for a name, or at a window.
INSERT INTO wrong_log_in (hall, about, at) VALUES (:hall, :about, :at)

-- name: wrong_log_ins
-- How often it was wrong lately, and when last.
SELECT count(*) AS tries, max(at) AS last FROM wrong_log_in WHERE hall = :hall AND about = :about AND at > :since

-- name: forget_wrong_log_ins
-- The right password, or a new one, ends the count; old tries count no more.
DELETE FROM wrong_log_in WHERE hall = :hall AND (about IN (:name, :window) OR at <= :since)
