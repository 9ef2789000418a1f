-- What departments say became of their cases.

-- name: claim_feed
-- A feed is read by one process at a time; one never read before begins at the beginning.
INSERT INTO feed (hall, department, mark, next_poll, heard_at, failures, problem)
VALUES (:hall, :department, '', :until, NULL, 0, '')
ON CONFLICT (hall, department) DO UPDATE SET next_poll = :until WHERE feed.next_poll <= :now RETURNING mark

-- name: feed_read
-- How far it was read, in the same commit as what was read.
UPDATE feed SET mark = :mark, next_poll = :next_poll, heard_at = :at, failures = 0, problem = ''
WHERE hall = :hall AND department = :department

-- name: feed_failed
-- It could not be read; the mark stays.
UPDATE feed SET next_poll = :next_poll, failures = failures + 1, problem = :problem
WHERE hall = :hall AND department = :department RETURNING failures

-- name: wake_feed
-- Something is new there.
INSERT INTO feed (hall, department, mark, next_poll, heard_at, failures, problem)
VALUES (:hall, :department, '', :at, NULL, 0, '')
ON CONFLICT (hall, department) DO UPDATE SET next_poll = :at

-- name: rewind_feed
-- From the beginning at the next poll: what was heard before is harmless.
UPDATE feed SET mark = '' WHERE hall = :hall AND department = :department

-- name: feeds
-- How every feed stands, with the messages that wait for a case.
SELECT f.department, f.mark, f.next_poll, f.heard_at, f.failures, f.problem,
  (SELECT count(*) FROM feed_message AS m WHERE m.hall = f.hall AND m.department = f.department AND m.state = 'held') AS held
FROM feed AS f WHERE f.hall = :hall ORDER BY f.department

-- name: hear
-- A message, once; the first one of its id stays.
INSERT INTO feed_message (hall, department, message, number, progress, state, heard_at)
VALUES (:hall, :department, :message, :number, :progress, 'held', :at)
ON CONFLICT (hall, department, message) DO NOTHING RETURNING message

-- name: held_messages
-- What a department said of a number before its case was so far.
SELECT message, progress FROM feed_message
WHERE hall = :hall AND department = :department AND number = :number AND state = 'held' ORDER BY heard_at, message

-- name: settle_message
-- What became of a message.
UPDATE feed_message SET state = :state WHERE hall = :hall AND department = :department AND message = :message

-- name: forget_held
-- A number that no case ever had: nobody waits for it any more.
DELETE FROM feed_message WHERE hall = :hall AND department = :department AND state = 'held' AND heard_at < :before

-- name: numbered
-- The delivery to which a department gave this number, how far it is there, and whether departments still have to agree.
SELECT d.subject, d.progress, t.status,
  EXISTS (SELECT 1 FROM delivery_step AS a WHERE a.hall = :hall AND a.subject = d.subject AND a.name = 'approval'
    AND a.done_at IS NULL) AS undecided
FROM delivery_step AS s
JOIN delivery AS d ON d.hall = s.hall AND d.subject = s.subject AND d.department = s.department
JOIN ticket AS t ON t.hall = d.hall AND t.visit = d.subject
WHERE s.hall = :hall AND s.department = :department AND s.name = 'accept' AND s.number = :number AND s.number <> ''

-- name: progress
-- How far a department is with a case.
UPDATE delivery SET progress = :progress, progress_at = :at
WHERE hall = :hall AND subject = :subject AND department = :department

-- name: progresses
-- What the departments said so far of a case.
SELECT progress FROM delivery WHERE hall = :hall AND subject = :subject AND progress <> ''

-- name: fed
-- A case as far as its departments are with it; never back.
UPDATE ticket SET status = :after
WHERE hall = :hall AND visit = :visit AND status IN (:from_1, :from_2, :from_3, :from_4) RETURNING visit

-- name: ready_tickets
-- Numbers whose document can be collected, the newest first. No name, no matter.
SELECT t.number, t.working_day, d.department, d.progress_at
FROM delivery AS d JOIN ticket AS t ON t.hall = d.hall AND t.visit = d.subject
WHERE d.hall = :hall AND d.progress = 'ready' AND t.status = 'ready' AND d.progress_at >= :since
ORDER BY d.progress_at DESC, t.number LIMIT :most
