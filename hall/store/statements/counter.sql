-- What clerks fill in for somebody at a window.

-- name: begin_draft
-- A new draft, before anything is looked up; one a clerk and window, so a second one is not begun.
INSERT INTO counter_draft
  (hall, visit, at_window, clerk, matter, working_day, opened_at, person, version, sealed, pictures)
VALUES (:hall, :visit, :at_window, :clerk, :matter, :day, :at, :person, 1, :sealed, :pictures) ON CONFLICT DO NOTHING

-- name: draft_at
-- What a clerk is filling in at a window.
SELECT visit, at_window, clerk, matter, working_day, opened_at, version, sealed, pictures FROM counter_draft
WHERE hall = :hall AND at_window = :at_window AND clerk = :clerk

-- name: draft_version
-- How often a draft was saved, and nothing of it.
SELECT version FROM counter_draft WHERE hall = :hall AND visit = :visit AND at_window = :at_window AND clerk = :clerk

-- name: draft_window
-- At which window a visit is being filled in.
SELECT at_window FROM counter_draft WHERE hall = :hall AND visit = :visit

-- name: keep_draft
-- What was typed since, unless it was saved from another page meanwhile.
UPDATE counter_draft SET sealed = :sealed, version = version + 1
WHERE hall = :hall AND visit = :visit AND at_window = :at_window AND clerk = :clerk AND version = :version RETURNING version

-- name: keep_draft_pictures
-- The draft's pictures: large, so only written when they changed.
UPDATE counter_draft SET pictures = :pictures WHERE hall = :hall AND visit = :visit

-- name: drop_draft
-- The draft was submitted or given up.
DELETE FROM counter_draft WHERE hall = :hall AND visit = :visit

-- name: old_drafts
-- Drafts of earlier days: nobody goes on with them.
SELECT visit FROM counter_draft WHERE hall = :hall AND working_day < :day

-- name: drafts_of
-- Where else the same matter of the same person is being filled in.
SELECT visit, at_window, clerk, opened_at FROM counter_draft
WHERE hall = :hall AND person = :person AND matter = :matter AND visit <> :visit ORDER BY opened_at

-- name: tickets_of
-- Tickets of the same matter of the same person that still wait or are at a window.
SELECT t.visit, t.number, t.status, t.window, t.issued_at FROM ticket AS t
JOIN application AS a ON a.hall = t.hall AND a.visit = t.visit
WHERE t.hall = :hall AND a.person = :person AND t.matter = :matter AND t.visit <> :visit
  AND t.status IN ('submitted', 'called', 'held')
ORDER BY t.id
