-- Events for the pages, the audit chain, and first answers to repeated requests.

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
