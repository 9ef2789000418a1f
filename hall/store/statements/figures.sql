-- Counts for open data. No sealed column, no actor, no object may be selected here (a test reads this file).

-- name: figures_of
-- The cases of one working day, by what became of them. A ticket that was replaced is no case of its own.
SELECT t.matter, t.status, t.issued_at,
  (SELECT min(a.at) FROM audit AS a WHERE a.hall = :hall AND a.object = t.visit AND a.event = 'ticket_called') AS called_at,
  (SELECT min(a.at) FROM audit AS a WHERE a.hall = :hall AND a.object = t.visit AND a.event = 'case_confirmed') AS accepted_at,
  EXISTS (SELECT 1 FROM audit AS a WHERE a.hall = :hall AND a.object = t.visit AND a.event = 'case_returned') AS returned
FROM ticket AS t WHERE t.hall = :hall AND t.working_day = :day AND t.status <> 'replaced'

-- name: first_day
-- Where the figures begin.
SELECT min(working_day) AS day FROM ticket WHERE hall = :hall
