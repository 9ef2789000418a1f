-- What the calling board shows to everybody: numbers and windows only.

-- name: calls_since
-- The tickets called last, newest first. One that went back into the line is not called any more.
SELECT number, window, calls, called_at, status, visit FROM ticket
WHERE hall = :hall AND called_at >= :since AND called_at <> '' AND window <> '' ORDER BY called_at DESC, id DESC LIMIT :most

-- name: waiting_on
-- How many stand in the line of a day; counted no further than somebody would read.
SELECT count(*) AS waiting FROM (
  SELECT 1 FROM ticket WHERE hall = :hall AND queue_day = :day AND status = 'submitted' LIMIT :most
) AS line

-- name: to_collect
-- Documents that lie ready, newest first; statuses are those of the departments' feeds.
SELECT number FROM ticket WHERE hall = :hall AND status = 'ready' ORDER BY id DESC LIMIT :most

-- name: call_of_event
-- A call as an event told it: what the board speaks.
SELECT e.name, t.number, e.window FROM event AS e JOIN ticket AS t ON t.hall = e.hall AND t.visit = e.visit
WHERE e.hall = :hall AND e.number = :number AND e.name IN ('ticket_called', 'ticket_recalled')
