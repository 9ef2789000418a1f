-- Tickets: numbers, places in the line, calls.

-- name: next_number
-- The next number of a letter and day. Rows are never deleted, so no number comes twice.
INSERT INTO series (hall, day, letter, number) VALUES (:hall, :day, :letter, 1)
ON CONFLICT (hall, day, letter) DO UPDATE SET number = series.number + 1 RETURNING number

-- name: add_ticket
-- A new ticket at the place its due time gives it; one that is issued at once never stands in line.
INSERT INTO ticket (hall, visit, number, matter, working_day, queue_day, issued_at, due, status, window, calls, called_at)
VALUES (:hall, :visit, :number, :matter, :day, :day, :at, :due, :status, '', 0, '') RETURNING id

-- name: replace_waiting
-- One live application a person and matter: what still waits gives way to what is submitted now. One earlier visit of the
-- person at a time: looked for in one statement, PostgreSQL may go through everybody who waits.
UPDATE ticket SET status = 'replaced' WHERE hall = :hall AND visit = :visit AND matter = :matter AND status = 'submitted'
RETURNING due, queue_day

-- name: ahead
-- How many wait in front of a ticket; beyond :most nobody counts.
SELECT count(*) AS ahead FROM (
  SELECT 1 FROM ticket WHERE hall = :hall AND queue_day = :day AND status = 'submitted' AND (due, id) < (:due, :id) LIMIT :most
) AS those

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
  AND replace(:before, '"' || status || '"', '') <> :before
RETURNING visit

-- name: requeue
-- Back into the line of today with the old number, as if it came now.
UPDATE ticket SET status = :after, window = '', calls = 0, due = :at, queue_day = :day
WHERE hall = :hall AND visit = :visit AND replace(:before, '"' || status || '"', '') <> :before
RETURNING visit

-- name: ticket
-- One ticket and how it stands.
SELECT number, visit, matter, working_day, issued_at, status, window, calls, 0 AS ahead FROM ticket
WHERE hall = :hall AND visit = :visit

-- name: lines
-- The day's tickets: waiting ones in calling order, then the last called first; a ticket still held
-- at a window is listed whatever its day.
WITH today AS (
  SELECT * FROM ticket WHERE hall = :hall AND queue_day = :day
  UNION ALL SELECT * FROM ticket WHERE hall = :hall AND status = 'called' AND queue_day <> :day
)
SELECT number, visit, matter, working_day, issued_at, status, window, calls,
  CASE status WHEN 'submitted' THEN row_number() OVER (PARTITION BY status ORDER BY due, id) - 1 ELSE 0 END AS ahead
FROM today
ORDER BY status <> 'submitted', CASE status WHEN 'submitted' THEN due ELSE '' END,
  CASE status WHEN 'submitted' THEN '' ELSE called_at END DESC, CASE status WHEN 'submitted' THEN id ELSE -id END

-- name: settle
-- An accepted case as the departments ended it.
UPDATE ticket SET status = :after WHERE hall = :hall AND visit = :visit AND status = 'accepted' RETURNING visit
