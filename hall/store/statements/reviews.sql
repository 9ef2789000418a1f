-- Cases that a second person has to agree to.

-- name: move_reviewed
-- The second person's move, guarded by the status it was seen in; the first window keeps it.
UPDATE ticket SET status = :after WHERE hall = :hall AND visit = :visit AND status = :before RETURNING visit

-- name: take_up
-- What was sent back, in the hands of a window that holds nothing.
UPDATE ticket SET status = 'called', "window" = :at_window, called_at = :at
WHERE hall = :hall AND visit = :visit AND status = 'sent_back' AND NOT EXISTS (
  SELECT 1 FROM ticket AS t WHERE t.hall = :hall AND t."window" = :at_window AND t.status = 'called'
)
RETURNING visit

-- name: in_review
-- Everything that waits for a second person, or was sent back; the longest waiting first.
SELECT visit FROM ticket WHERE hall = :hall AND status IN ('to_approve', 'sent_back') ORDER BY called_at, id LIMIT :most
