-- Counts for open data. No sealed column, no actor, no object may be selected here (a test reads this file).

-- name: figures_of
-- The cases of one working day as they stood when it ended, so that a day counted later is counted alike. A ticket that
-- was replaced by then is no case of its own.
SELECT t.matter, t.issued_at,
  (SELECT min(a.at) FROM audit AS a
   WHERE a.hall = :hall AND a.object = t.visit AND a.event = 'ticket_called' AND a.at < :until) AS called_at,
  EXISTS (SELECT 1 FROM audit AS a WHERE a.hall = :hall AND a.object = t.visit AND a.at < :until
          AND a.event IN ('case_confirmed', 'case_accepted_lacking', 'case_second_accepted', 'certificate_issued'))
  AND NOT EXISTS (SELECT 1 FROM audit AS a WHERE a.hall = :hall AND a.object = t.visit AND a.at < :until
          AND a.event IN ('case_returned', 'certificate_revoked')) AS done
FROM ticket AS t WHERE t.hall = :hall AND t.working_day = :day AND NOT EXISTS (
  SELECT 1 FROM audit AS a WHERE a.hall = :hall AND a.object = t.visit AND a.event = 'ticket_replaced' AND a.at < :until
)

-- name: first_day
-- Where the figures begin.
SELECT min(working_day) AS day FROM ticket WHERE hall = :hall
