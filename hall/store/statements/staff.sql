-- Staff, their second factor, their sessions, log-ins under way, wrong tries.

-- name: add_staff
-- A new account; nothing when the name is taken.
INSERT INTO staff (hall, name, password, roles, origin, must_change)
VALUES (:hall, :name, :password, :roles, :origin, :must_change)
ON CONFLICT (hall, name) DO NOTHING RETURNING name

-- name: account
-- An account by its name.
SELECT name, password, roles, origin, must_change, disabled, totp FROM staff WHERE hall = :hall AND name = :name

-- name: accounts
-- Every account, and where somebody is logged in under it now.
SELECT a.name, a.roles, a.origin, a.must_change, a.disabled, a.totp IS NOT NULL AS enrolled,
  s."window", s.started_at, s.locked_at
FROM staff AS a LEFT JOIN session AS s ON s.hall = a.hall AND s.clerk = a.name AND s.ended = ''
WHERE a.hall = :hall ORDER BY a.disabled, a.name

-- name: other_security
-- Somebody else who may look after accounts: the last one is never shut out.
SELECT name FROM staff
WHERE hall = :hall AND name <> :name AND disabled = 0 AND roles = 'security' AND origin = 'local' LIMIT 1

-- name: give_password
-- A password that was handed over.
UPDATE staff SET password = :password, must_change = 1 WHERE hall = :hall AND name = :name RETURNING name

-- name: choose_password
-- A password of the holder's own, while the old one is still theirs.
UPDATE staff SET password = :password, must_change = 0 WHERE hall = :hall AND name = :name AND password = :old RETURNING name

-- name: set_roles
-- What somebody may do from now on.
UPDATE staff SET roles = :roles WHERE hall = :hall AND name = :name RETURNING name

-- name: set_disabled
-- Shuts an account, or opens it again.
UPDATE staff SET disabled = :disabled WHERE hall = :hall AND name = :name RETURNING name

-- name: set_second_factor
-- A telephone's secret, with the step of the code that proved it; or none.
UPDATE staff SET totp = :totp, last_step = :step WHERE hall = :hall AND name = :name RETURNING name

-- name: take_step
-- A code is taken once: the step of every further one is later.
UPDATE staff SET last_step = :step WHERE hall = :hall AND name = :name AND last_step < :step RETURNING name

-- name: add_recovery_code
-- One of the codes on paper.
INSERT INTO recovery_code (hall, name, code) VALUES (:hall, :name, :code)

-- name: take_recovery_code
-- Each is good for one log-in.
DELETE FROM recovery_code WHERE hall = :hall AND name = :name AND code = :code RETURNING name

-- name: forget_recovery_codes
-- New ones are printed, or the second factor is taken back.
DELETE FROM recovery_code WHERE hall = :hall AND name = :name

-- name: sessions_at
-- Living sessions that a log-in ends: the one at this window, the clerk's own one elsewhere.
SELECT token, clerk, "window" FROM session
WHERE hall = :hall AND ended = '' AND (clerk = :clerk OR ("window" = :window AND "window" <> ''))

-- name: add_session
-- Somebody logged in, at a window or ('') without one.
INSERT INTO session (hall, token, clerk, "window", started_at, seen_at)
VALUES (:hall, :token, :clerk, :window, :started_at, :seen_at)

-- name: session
-- A session by the hash of its token, also one that ended, with what its clerk may do now.
SELECT s.clerk, s."window", s.started_at, s.seen_at, s.locked_at, s.ended, s.parked, a.roles, a.origin
FROM session AS s JOIN staff AS a ON a.hall = s.hall AND a.name = s.clerk
WHERE s.hall = :hall AND s.token = :token

-- name: session_at_window
-- The living session at a window.
SELECT token FROM session WHERE hall = :hall AND "window" = :window AND ended = '' ORDER BY started_at DESC LIMIT 1

-- name: session_seen
-- The last request of a session.
UPDATE session SET seen_at = :at WHERE hall = :hall AND token = :token AND seen_at < :at

-- name: end_session
-- It ends for a reason; the row stays for a while to say so.
UPDATE session SET ended = :why WHERE hall = :hall AND token = :token AND ended = '' RETURNING clerk, "window"

-- name: lock_session
-- Locked: nothing is shown until its clerk is back. It stands locked only once.
UPDATE session SET locked_at = :at
WHERE hall = :hall AND token = :token AND ended = '' AND locked_at = '' RETURNING clerk, "window"

-- name: unlock_session
-- Its clerk is back.
UPDATE session SET locked_at = '', seen_at = :at
WHERE hall = :hall AND token = :token AND ended = '' AND locked_at <> '' RETURNING clerk, "window"

-- name: park
-- What was sent when nobody could be asked whether it is meant; NULL once it was carried out or dropped.
UPDATE session SET parked = :parked WHERE hall = :hall AND token = :token

-- name: newest_parked
-- What a clerk sent into a session that had ended, to go on with after logging in again.
SELECT token, parked FROM session
WHERE hall = :hall AND clerk = :clerk AND ended <> '' AND parked IS NOT NULL ORDER BY seen_at DESC LIMIT 1

-- name: forget_sessions
-- Ended ones whose page is long gone.
DELETE FROM session WHERE hall = :hall AND ended <> '' AND seen_at < :before

-- name: start_log_in
-- The first step of a log-in is done.
INSERT INTO log_in (hall, token, at, sealed) VALUES (:hall, :token, :at, :sealed)

-- name: log_in
-- A log-in under way.
SELECT at, sealed FROM log_in WHERE hall = :hall AND token = :token

-- name: change_log_in
-- Another step is done.
UPDATE log_in SET sealed = :sealed WHERE hall = :hall AND token = :token

-- name: end_log_in
-- The log-in is complete, given up, or used: never twice.
DELETE FROM log_in WHERE hall = :hall AND token = :token RETURNING token

-- name: forget_log_ins
-- Log-ins that nobody completed.
DELETE FROM log_in WHERE hall = :hall AND at < :before

-- name: add_wrong_log_in
-- A wrong password or code for a name, or at a window.
INSERT INTO wrong_log_in (hall, about, at) VALUES (:hall, :about, :at)

-- name: wrong_log_ins
-- How often it was wrong lately, and when last.
SELECT count(*) AS tries, max(at) AS last FROM wrong_log_in WHERE hall = :hall AND about = :about AND at > :since

-- name: forget_wrong_log_ins
-- The right password, or a new one, ends the count; old tries count no more.
DELETE FROM wrong_log_in WHERE hall = :hall AND (about IN (:name, :window) OR at <= :since)

-- name: audit_after
-- The audit as an auditor reads it, or takes it out, piece by piece.
SELECT number, at, event, actor, object, items, outcome, hash FROM audit
WHERE hall = :hall AND number > :number ORDER BY number LIMIT :most
