-- Whose records were read: an index over the audit.

-- name: add_usage
-- An audit line is about this person.
INSERT INTO usage (hall, person, line, matter, window, as_guardian)
VALUES (:hall, :person, :line, :matter, :window, :as_guardian) ON CONFLICT DO NOTHING

-- name: usage_of
-- A person's audit lines below a number, newest first.
SELECT a.number, a.at, a.event, a.actor, a.object, a.items, a.outcome, a.hash, u.matter, u.window, u.as_guardian
FROM usage AS u JOIN audit AS a ON a.hall = u.hall AND a.number = u.line
WHERE u.hall = :hall AND u.person = :person AND u.line < :before ORDER BY u.line DESC LIMIT :most
