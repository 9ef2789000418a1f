-- Clerks, their sessions, wrong tries to log in.

-- name: add_staff
-- A clerk, or a new password for one.
INSERT INTO staff (hall, name, password) VALUES (:hall, :name, :password)
ON CONFLICT (hall, name) DO UPDATE SET password = excluded.password

-- name: password
-- A clerk's argon2 hash.
SELECT password FROM staff WHERE hall = :hall AND name = :name

-- name: end_sessions
-- Whoever logs in at a window ends the session that was there; a new password ends all of a clerk's.
DELETE FROM session WHERE hall = :hall AND (window = :window OR clerk = :clerk)

-- name: add_session
-- A clerk logged in at a window.
INSERT INTO session (hall, token, clerk, window, started_at, seen_at)
VALUES (:hall, :token, :clerk, :window, :started_at, :seen_at)

-- name: session
-- A session by the hash of its token.
SELECT clerk, window, started_at, seen_at FROM session WHERE hall = :hall AND token = :token

-- name: session_seen
-- The last request of a session.
UPDATE session SET seen_at = CASE WHEN seen_at < :at THEN :at ELSE seen_at END WHERE hall = :hall AND token = :token

-- name: end_session
-- A clerk logs out.
DELETE FROM session WHERE hall = :hall AND token = :token RETURNING clerk, window

-- name: add_wrong_log_in
-- A wrong password for a name, or at a window.
INSERT INTO wrong_log_in (hall, about, at) VALUES (:hall, :about, :at)

-- name: wrong_log_ins
-- How often it was wrong lately, and when last.
SELECT count(*) AS tries, max(at) AS last FROM wrong_log_in WHERE hall = :hall AND about = :about AND at > :since

-- name: forget_wrong_log_ins
-- The right password, or a new one, ends the count; old tries count no more.
DELETE FROM wrong_log_in WHERE hall = :hall AND (about IN (:name, :window) OR at <= :since)
