-- Tickets: numbers, places in the line, calls.

-- name: next_number
-- The next number of a letter and day. Rows are never deleted, so no number comes twice.
INSERT INTO series (hall, day, letter, number) VALUES (:hall, :day, :letter, 1)
ON CONFLICT (hall, day, letter) DO UPDATE SET number = series.number + 1 RETURNING number

-- name: add_ticket
-- A new ticket at the place its due time gives it; one that is issued at once never stands in line.
INSERT INTO ticket (hall, visit, number, matter, working_day, queue_day, issued_at, arrived_at, due, not_before, class, ground,
  status, window, calls, called_at)
VALUES (:hall, :visit, :number, :matter, :day, :day, :at, :arrived, :due, :not_before, :class, :ground, :status, '', 0, '')
RETURNING id

-- name: replace_waiting
-- One live application a person and matter: what still waits gives way to what is submitted now. One earlier visit of the
-- person at a time: looked for in one statement, PostgreSQL may go through everybody who waits.
UPDATE ticket SET status = 'replaced' WHERE hall = :hall AND visit = :visit AND matter = :matter AND status = 'submitted'
RETURNING due, queue_day, arrived_at, not_before, class, ground

-- name: ahead
-- How many wait in front of a ticket, no more than `most` of them: a long line is not counted to its end.
SELECT count(*) AS ahead FROM (
  SELECT 1 AS one FROM ticket
  WHERE hall = :hall AND queue_day = :day AND status = 'submitted' AND (due, id) < (:due, :id) LIMIT :most
) AS before

-- name: claim
-- The first waiting ticket, of anybody's or of those meant for this window, goes to a window that holds none. One
-- statement: select-then-update would give one ticket to two windows (tests/hall/test_calling_race.py keeps that mutant).
UPDATE ticket SET status = 'called', window = :window, calls = calls + 1, called_at = :at, meant_for = '', beside = 0,
  calls_since = CASE calls WHEN 0 THEN :at ELSE calls_since END,
  called_first_at = CASE called_first_at WHEN '' THEN :at ELSE called_first_at END,
  turn = (SELECT event FROM hall WHERE hall = :hall)
WHERE id = (
  SELECT id FROM (
    SELECT id, due FROM (
      SELECT id, due FROM ticket WHERE hall = :hall AND queue_day = :day AND status = 'submitted' AND meant_for = ''
        AND not_before <= :at ORDER BY due, id LIMIT 1
    ) AS anybodys
    UNION ALL
    SELECT id, due FROM (
      SELECT id, due FROM ticket WHERE hall = :hall AND meant_for = :window AND meant_for <> '' AND queue_day = :day
        AND status = 'submitted' AND not_before <= :at ORDER BY due, id LIMIT 1
    ) AS meant
  ) AS heads ORDER BY due, id LIMIT 1
) AND NOT EXISTS (SELECT 1 FROM ticket WHERE hall = :hall AND window = :window AND status = 'called')
RETURNING visit

-- name: head_of_matter
-- The first of anybody's tickets of one matter that may be called now.
SELECT id, due FROM ticket WHERE hall = :hall AND queue_day = :day AND status = 'submitted' AND meant_for = ''
  AND matter = :matter AND not_before <= :at ORDER BY due, id LIMIT 1

-- name: head
-- The first of anybody's tickets that may be called now.
SELECT id, due FROM ticket WHERE hall = :hall AND queue_day = :day AND status = 'submitted' AND meant_for = ''
  AND not_before <= :at ORDER BY due, id LIMIT 1

-- name: head_meant
-- The first ticket that is meant for a window, or for those with a skill.
SELECT id, due FROM ticket WHERE hall = :hall AND meant_for = :line AND meant_for <> '' AND queue_day = :day
  AND status = 'submitted' AND not_before <= :at ORDER BY due, id LIMIT 1

-- name: claim_this
-- A certain waiting or held ticket goes to a window that holds none.
UPDATE ticket SET status = 'called', window = :window, calls = calls + 1, called_at = :at, meant_for = '', beside = 0,
  calls_since = CASE calls WHEN 0 THEN :at ELSE calls_since END,
  called_first_at = CASE called_first_at WHEN '' THEN :at ELSE called_first_at END,
  turn = (SELECT event FROM hall WHERE hall = :hall)
WHERE hall = :hall AND id = :id AND status = :before
  AND NOT EXISTS (SELECT 1 FROM ticket WHERE hall = :hall AND window = :window AND status = 'called')
RETURNING visit

-- name: held
-- The ticket that a window holds.
SELECT visit FROM ticket WHERE hall = :hall AND window = :window AND status = 'called'

-- name: last_at
-- The ticket called last at a window, whatever became of it; by the turn, because a clock may go backwards.
SELECT visit FROM ticket WHERE hall = :hall AND window = :window AND window <> ''
ORDER BY turn DESC, called_at DESC, id DESC LIMIT 1

-- name: advance
-- A clerk's action on the ticket of that window, guarded by the status it was seen in. What leaves the counter is decided.
UPDATE ticket SET status = :after,
  decided_at = CASE WHEN :decided = 1 THEN :at ELSE decided_at END
WHERE hall = :hall AND visit = :visit AND window = :window AND status = :before
RETURNING visit

-- name: ticket
-- One ticket and how it stands.
SELECT id, number, visit, matter, working_day, queue_day, issued_at, arrived_at, status, window, calls, 0 AS ahead, class,
  ground, due, not_before, meant_for, beside, from_window, from_clerk, from_why, carried, ended, calls_since
FROM ticket WHERE hall = :hall AND visit = :visit

-- name: lines
-- The day's tickets: waiting ones in calling order, then the last called first; a ticket still held
-- at a window is listed whatever its day.
SELECT number, visit, matter, working_day, queue_day, issued_at, arrived_at, status, window, calls, class, ground, due,
  not_before, meant_for, beside, from_window, from_clerk, from_why, carried, ended, calls_since,
  CASE status WHEN 'submitted' THEN row_number() OVER (PARTITION BY status ORDER BY due, id) - 1 ELSE 0 END AS ahead
FROM (
  SELECT * FROM ticket WHERE hall = :hall AND queue_day = :day
  UNION ALL SELECT * FROM ticket WHERE hall = :hall AND status = 'called' AND queue_day <> :day
) AS today
ORDER BY CASE status WHEN 'submitted' THEN 0 ELSE 1 END, CASE status WHEN 'submitted' THEN due ELSE '' END, turn DESC,
  CASE status WHEN 'submitted' THEN '' ELSE called_at END DESC, CASE status WHEN 'submitted' THEN id ELSE -id END

-- name: settle
-- An accepted case as the departments ended it.
UPDATE ticket SET status = :after WHERE hall = :hall AND visit = :visit AND status = 'accepted' RETURNING visit
