-- What the hall overview reads: counts, numbers and times. No sealed column may be selected here (a test reads this file).

-- name: waiting_groups
-- Who waits in the day's line, by matter and class; a longer line than `most` is not read to its end.
SELECT matter, class, count(*) AS waiting, min(arrived_at) AS since FROM (
  SELECT matter, class, arrived_at FROM ticket WHERE hall = :hall AND queue_day = :day AND status = 'submitted'
  ORDER BY due, id LIMIT :most
) AS line GROUP BY matter, class ORDER BY matter, class

-- name: sessions_at_windows
-- Where somebody is logged in.
SELECT "window", started_at, seen_at, locked_at FROM session WHERE hall = :hall AND ended = '' AND "window" <> ''

-- name: last_of_window
-- The ticket called last at a window: what it holds, or since when it holds nothing.
SELECT number, matter, status, calls_since, decided_at FROM ticket WHERE hall = :hall AND "window" = :window AND "window" <> ''
ORDER BY turn DESC, called_at DESC, id DESC LIMIT 1

-- name: deliveries_open
-- How many of each department are on their way, in trouble and given up.
SELECT d.department, count(*) AS under_way,
  sum(CASE WHEN d.dead_at IS NOT NULL THEN 1 ELSE 0 END) AS dead,
  sum(CASE WHEN d.dead_at IS NULL AND EXISTS (
    SELECT 1 FROM delivery_step AS s WHERE s.hall = d.hall AND s.subject = d.subject AND s.department = d.department
      AND s.done_at IS NULL AND s.problem <> ''
  ) THEN 1 ELSE 0 END) AS troubled
FROM delivery AS d JOIN ticket AS t ON t.hall = d.hall AND t.visit = d.subject
WHERE d.hall = :hall AND d.done = 0 GROUP BY d.department

-- name: cases_of_day
-- Everything that got a number on a day, with the reading of its card; `terminal` is empty where no visit was kept.
SELECT t.visit, t.matter, t.issued_at, COALESCE(v.opened_at, '') AS began_at, COALESCE(v.terminal, '') AS terminal
FROM ticket AS t LEFT JOIN visit AS v ON v.hall = t.hall AND v.visit = t.visit
WHERE t.hall = :hall AND t.working_day = :day

-- name: ends_of_day
-- What became of them by the end of that day, in order.
SELECT a.object AS visit, a.event, a.at FROM ticket AS t JOIN audit AS a ON a.hall = t.hall AND a.object = t.visit
WHERE t.hall = :hall AND t.working_day = :day AND a.at < :until AND a.event IN (
  'case_confirmed', 'case_returned', 'case_rejected', 'certificate_issued', 'certificate_revoked', 'ticket_replaced'
) ORDER BY a.number

-- name: sent_of_day
-- Which of them the departments have: when the last of them took it, how many have not, how many a person carried.
SELECT t.visit, max(d.accepted_at) AS accepted_at, sum(CASE WHEN d.accepted_at IS NULL THEN 1 ELSE 0 END) AS missing,
  sum(CASE WHEN d.by_hand <> '' THEN 1 ELSE 0 END) AS by_hand
FROM ticket AS t JOIN delivery AS d ON d.hall = t.hall AND d.subject = t.visit
WHERE t.hall = :hall AND t.working_day = :day GROUP BY t.visit

-- name: presence
-- Log-ins, locks and their ends at windows, in order.
SELECT at, event, outcome AS "window" FROM audit
WHERE hall = :hall AND at >= :since AND at < :until AND event IN (
  'staff_logged_in', 'staff_logged_out', 'staff_session_ended', 'staff_locked', 'staff_unlocked'
) ORDER BY number

-- name: first_number
-- The first and the last day with a ticket.
SELECT (SELECT min(working_day) FROM ticket WHERE hall = :hall) AS first,
  (SELECT max(working_day) FROM ticket WHERE hall = :hall) AS last
