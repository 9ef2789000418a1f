-- Ratings (好差评) and calls back.

-- name: was_rated
-- Whether this turn of a visit has its rating; not which one.
SELECT turn FROM rated WHERE hall = :hall AND visit = :visit AND turn = :turn

-- name: mark_rated
-- One rating for each time somebody was served (一次一评).
INSERT INTO rated (hall, visit, turn) VALUES (:hall, :visit, :turn) ON CONFLICT DO NOTHING RETURNING turn

-- name: add_rating
-- A grade of one day: no visit, no time.
INSERT INTO rating (hall, id, day, at_window, matter, grade, tags)
VALUES (:hall, :id, :day, :at_window, :matter, :grade, :tags)

-- name: ratings_of
-- A day's grades, counted.
SELECT at_window, matter, grade, tags, count(*) AS ratings FROM rating WHERE hall = :hall AND day = :day
GROUP BY at_window, matter, grade, tags ORDER BY at_window, matter, grade, tags

-- name: served_on
-- How many were served to an end on a day, whether they rated or not.
SELECT count(*) AS served FROM ticket WHERE hall = :hall AND queue_day = :day
  AND status IN ('accepted', 'approved', 'refused', 'returned', 'not_accepted', 'making', 'ready', 'delivered')

-- name: add_call_back
-- A low grade that somebody has to follow up; `sealed` is there only where the citizen wants to be called.
INSERT INTO call_back (hall, id, day, due, at_window, matter, grade, tags, sealed, closed_at, closed_by, outcome)
VALUES (:hall, :id, :day, :due, :at_window, :matter, :grade, :tags, :sealed, '', '', '')

-- name: call_backs
-- What is to be followed up, the most urgent first; and what was closed since a day.
SELECT id, day, due, at_window, matter, grade, tags, sealed, closed_at, closed_by, outcome FROM call_back
WHERE hall = :hall AND (outcome = '' OR day >= :since) ORDER BY outcome <> '', due, id

-- name: call_back
-- One low grade that is to be followed up.
SELECT id, day, due, at_window, matter, grade, tags, sealed, closed_at, closed_by, outcome FROM call_back
WHERE hall = :hall AND id = :id

-- name: close_call_back
-- It was followed up: whom to call is forgotten.
UPDATE call_back SET closed_at = :at, closed_by = :by, outcome = :outcome, sealed = NULL
WHERE hall = :hall AND id = :id AND outcome = '' RETURNING id
