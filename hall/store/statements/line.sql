-- What a clerk or the turn of the day does with a ticket beside calling it, the page of the line, and measured times.

-- name: recall
-- The same ticket is called again at its window.
UPDATE ticket SET calls = calls + 1, called_at = :at WHERE hall = :hall AND visit = :visit AND window = :window
  AND status = :before RETURNING visit

-- name: miss
-- Nobody came: called often enough, and long enough after the first call. A clock that went backwards can not tell the time.
UPDATE ticket SET status = :after, doubts = doubts || ' missed' WHERE hall = :hall AND visit = :visit AND window = :window
  AND status = :before AND calls >= :least_calls AND (calls_since <= :called_before OR calls_since > :at) RETURNING visit

-- name: hold
-- The window is free; the ticket keeps its place.
UPDATE ticket SET status = :after, window = '', from_window = :window, from_clerk = :clerk, from_why = '',
  doubts = doubts || ' held', called_at = :at
WHERE hall = :hall AND visit = :visit AND window = :window AND status = :before RETURNING visit

-- name: pass_on
-- Meant for another window, or for those with a skill, at the better of its old place and a head start from now.
UPDATE ticket SET status = :after, window = '', meant_for = :line, beside = 0, calls = 0, calls_since = '',
  due = CASE WHEN due < :due THEN due ELSE :due END, queue_day = :day, not_before = '',
  from_window = :window, from_clerk = :clerk, from_why = :why, doubts = doubts || ' passed'
WHERE hall = :hall AND visit = :visit AND window = :window AND status = :before RETURNING visit

-- name: keep_sitting
-- What was measured so far, before the ticket stands in a line again.
INSERT INTO sitting (hall, day, visit, number, matter, class, window, arrived_at, called_first_at, opened_at, decided_at, doubts)
SELECT hall, queue_day, visit, number, matter, class, window, arrived_at, called_first_at, opened_at, decided_at, doubts
FROM ticket WHERE hall = :hall AND visit = :visit AND called_first_at <> ''

-- name: requeue
-- Back into the line of today with the old number, as if it came now.
UPDATE ticket SET status = :after, window = '', calls = 0, due = :due, arrived_at = :at, not_before = '', queue_day = :day,
  meant_for = '', beside = 0, carried = 0, ended = '', calls_since = '', called_first_at = '', opened_at = '',
  decided_at = '', doubts = '', from_window = '', from_clerk = '', from_why = ''
WHERE hall = :hall AND visit = :visit AND status = :before RETURNING visit

-- name: put_back
-- From being held back to its old place in the line.
UPDATE ticket SET status = :after, window = '', calls = 0, calls_since = '', queue_day = :day
WHERE hall = :hall AND visit = :visit AND status = :before RETURNING visit

-- name: put_forward
-- Another class, or none: the head start counts from the arrival.
UPDATE ticket SET class = :class, ground = :ground, due = :due WHERE hall = :hall AND visit = :visit AND status = :before
RETURNING visit

-- name: keep_beside
-- What else the person who stands at a window waits for is kept for that window: nobody is called to two windows at once.
-- From the person to the tickets, in this order: from the day's tickets to the person would look at everybody who waits.
UPDATE ticket SET meant_for = :window, beside = 1
WHERE id IN (
  SELECT other.id
  FROM application AS here CROSS JOIN application AS theirs CROSS JOIN ticket AS other
  WHERE here.hall = :hall AND here.visit = :visit AND theirs.hall = :hall AND theirs.person = here.person
    AND other.hall = :hall AND other.visit = theirs.visit AND other.queue_day = :day AND other.status = 'submitted'
    AND other.meant_for = ''
)

-- name: let_go
-- The person has left the window: what waits beside is anybody's again.
UPDATE ticket SET meant_for = '', beside = 0
WHERE hall = :hall AND meant_for = :window AND meant_for <> '' AND status = 'submitted' AND beside = 1

-- name: beside
-- What else the person at a window waits for, in order.
SELECT number, visit, matter, working_day, queue_day, issued_at, arrived_at, status, window, calls, 0 AS ahead, class, ground,
  due, not_before, meant_for, beside, from_window, from_clerk, from_why, carried, ended, calls_since
FROM ticket WHERE hall = :hall AND meant_for = :window AND meant_for <> '' AND status = 'submitted' AND beside = 1
ORDER BY due, id

-- name: case_seen
-- The clerk opened the case: its person has arrived at the window.
UPDATE ticket SET opened_at = :at WHERE hall = :hall AND visit = :visit AND status = 'called' AND opened_at = ''

-- name: window_left
-- Whoever sat at the window has gone: what was measured there is doubtful.
UPDATE ticket SET doubts = doubts || ' left' WHERE hall = :hall AND window = :window AND status = 'called'

-- name: waiting
-- A page of the day's line in calling order.
SELECT number, visit, matter, working_day, queue_day, issued_at, arrived_at, status, window, calls, class, ground, due,
  not_before, meant_for, beside, from_window, from_clerk, from_why, carried, ended, calls_since, 0 AS ahead
FROM ticket WHERE hall = :hall AND queue_day = :day AND status = 'submitted' ORDER BY due, id LIMIT :most OFFSET :skip

-- name: in_status
-- The day's tickets in one status, the last called first.
SELECT number, visit, matter, working_day, queue_day, issued_at, arrived_at, status, window, calls, class, ground, due,
  not_before, meant_for, beside, from_window, from_clerk, from_why, carried, ended, calls_since, 0 AS ahead
FROM ticket WHERE hall = :hall AND queue_day = :day AND status = :status ORDER BY turn DESC LIMIT :most

-- name: at_windows
-- What the windows hold, whatever its day.
SELECT number, visit, matter, working_day, queue_day, issued_at, arrived_at, status, window, calls, class, ground, due,
  not_before, meant_for, beside, from_window, from_clerk, from_why, carried, ended, calls_since, 0 AS ahead
FROM ticket WHERE hall = :hall AND status = 'called' ORDER BY turn DESC

-- name: busy_windows
-- Windows that hold a ticket.
SELECT window FROM ticket WHERE hall = :hall AND status = 'called'

-- name: line_tally
-- How many of the day's tickets are in one status, no more than `most` of them.
SELECT count(*) AS count FROM (
  SELECT 1 AS one FROM ticket WHERE hall = :hall AND queue_day = :day AND status = :status LIMIT :most
) AS counted

-- name: line_tally_later
-- How many stand in the lines of later days, no more than `most` of them.
SELECT count(*) AS count FROM (
  SELECT 1 AS one FROM ticket WHERE hall = :hall AND queue_day > :day AND status = 'submitted' LIMIT :most
) AS counted

-- name: ahead_of_line
-- How many of anybody's tickets wait today, no more than `most` of them.
SELECT count(*) AS ahead FROM (
  SELECT 1 AS one FROM ticket WHERE hall = :hall AND queue_day = :day AND status = 'submitted' LIMIT :most
) AS before

-- name: open_windows
-- Where somebody is logged in who did something not long ago.
SELECT DISTINCT "window" FROM session
WHERE hall = :hall AND ended = '' AND "window" <> '' AND seen_at >= :since AND started_at >= :earliest

-- name: left_over
-- Tickets that still wait in the line of a day that is over, in order.
SELECT visit, status FROM ticket WHERE hall = :hall AND queue_day < :day AND status = 'submitted'
ORDER BY queue_day, due, id LIMIT :most

-- name: left_held
-- Tickets that are still held of a day that is over.
SELECT visit, status FROM ticket WHERE hall = :hall AND queue_day < :day AND status = 'held' ORDER BY queue_day, id LIMIT :most

-- name: carry
-- A ticket of a day that is over goes on in another line, in its order; its person may come from anywhere now.
UPDATE ticket SET queue_day = :place, carried = 1, doubts = doubts || ' carried',
  meant_for = CASE beside WHEN 1 THEN '' ELSE meant_for END, beside = 0
WHERE hall = :hall AND visit = :visit AND status = :before RETURNING visit

-- name: carry_back
-- The clock had run ahead: what was carried too far stands in the line where it belongs.
UPDATE ticket SET queue_day = :place WHERE hall = :hall AND queue_day > :place AND status = 'submitted' AND carried = 1
RETURNING visit

-- name: close_ticket
-- The hall ends a ticket that was not called before closing.
UPDATE ticket SET status = :after, ended = 'closed', meant_for = '', beside = 0, window = '', turn = (SELECT event FROM hall WHERE hall = :hall)
WHERE hall = :hall AND visit = :visit AND status = :before RETURNING visit

-- name: step_times
-- What was measured of every sitting of a day.
SELECT visit, number, matter, class, window, arrived_at, called_first_at, opened_at, decided_at, doubts
FROM ticket WHERE hall = :hall AND queue_day = :day AND status <> 'replaced'
UNION ALL
SELECT visit, number, matter, class, window, arrived_at, called_first_at, opened_at, decided_at, doubts
FROM sitting WHERE hall = :hall AND day = :day
ORDER BY arrived_at, visit

-- name: handled
-- Calls and decisions of a day, the newest first.
SELECT matter, called_first_at, opened_at, decided_at, doubts FROM ticket
WHERE hall = :hall AND queue_day = :day AND decided_at <> '' ORDER BY turn DESC LIMIT :most
