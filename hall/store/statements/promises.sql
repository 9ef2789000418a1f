-- Papers that were promised for a day, when a case was accepted without them.

-- name: add_promised
-- One paper of a promise.
INSERT INTO promised (hall, visit, paper, until, made_at, state, closed_at, at_window, sealed)
VALUES (:hall, :visit, :paper, :until, :at, 'open', '', '', :sealed)

-- name: close_promised
-- It is there, or nobody waits for it any more; once.
UPDATE promised SET state = :state, closed_at = :at, at_window = :at_window, picture = :picture
WHERE hall = :hall AND visit = :visit AND paper = :paper AND state = 'open' RETURNING paper

-- name: promised
-- The papers of one case, whatever became of them.
SELECT paper, until, made_at, state, closed_at, at_window, sealed, picture IS NOT NULL AS pictured
FROM promised WHERE hall = :hall AND visit = :visit ORDER BY paper

-- name: promised_picture
-- What was brought.
SELECT picture FROM promised WHERE hall = :hall AND visit = :visit AND paper = :paper AND picture IS NOT NULL

-- name: open_promises
-- The cases that still wait for papers, due soon first.
SELECT visit, min(until) AS due FROM promised WHERE hall = :hall AND state = 'open'
GROUP BY visit ORDER BY min(until), visit LIMIT :most
