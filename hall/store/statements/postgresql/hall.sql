-- What only PostgreSQL needs, and the few statements that it must be told in other words.

-- name: lock_hall
-- Commands of one hall are carried out one after the other, whatever process they come from.
SELECT event FROM hall WHERE hall = :hall FOR UPDATE

-- name: ring
-- A commit is heard by the other processes.
SELECT pg_notify(:channel, '')

-- name: newest
-- Whether anything was committed since.
SELECT h.event, (SELECT max(a.number) FROM audit AS a WHERE a.hall = h.hall) AS line FROM hall AS h WHERE h.hall = :hall

-- name: found_key
-- The first process says which field key the rows of this hall are sealed with.
INSERT INTO field_key (hall, print) VALUES (:hall, :print) ON CONFLICT DO NOTHING

-- name: key
-- The field key of the first process, by its print.
SELECT print FROM field_key WHERE hall = :hall

-- name: unnumbered
-- As on SQLite, which needs an index named.
SELECT id, found FROM library_entry
WHERE hall = :hall AND library = :library AND department = :department AND generation = :generation AND number IS NULL LIMIT :most

-- name: served
-- As on SQLite, which needs an index named.
SELECT e.id, e.department, e.sealed, e.known_at, f.known_at AS confirmed_at
FROM library_entry AS e JOIN library_shelf AS f
  ON f.hall = e.hall AND f.library = e.library AND f.department = e.department AND f.generation = e.generation
WHERE e.hall = :hall AND e.library = :library AND e.found = :found ORDER BY e.department
