-- Collected base libraries: shelves, entries, what other halls may collect of them.

-- name: library
-- A library's edition.
SELECT epoch, number, floor FROM library WHERE hall = :hall AND library = :library

-- name: found_library
-- A library begins with the first round of its first shelf.
INSERT INTO library (hall, library, epoch, number, floor) VALUES (:hall, :library, :epoch, 0, 0) ON CONFLICT DO NOTHING

-- name: next_library_number
-- The number of the next change, given inside the transaction: whoever read up to it has seen everything before.
UPDATE library SET number = number + 1 WHERE hall = :hall AND library = :library RETURNING number

-- name: shelves
-- Every shelf and how it stands.
SELECT * FROM library_shelf WHERE hall = :hall ORDER BY library, department

-- name: shelf
-- One shelf and how it stands.
SELECT * FROM library_shelf WHERE hall = :hall AND library = :library AND department = :department

-- name: found_shelf
-- A shelf before its first round.
INSERT INTO library_shelf (hall, library, department, items, mark, generation, building, newest, entries, built, kept, round,
  began_at, batches, half, changed, gone, known_until, tried_at, succeeded_at, known_at, anew_at, took_ms, last_changed, last_gone,
  failures, problem, wanted)
VALUES (:hall, :library, :department, '[]', '', 0, 0, 0, 0, 0, 0, 0, '', 0, 0, 0, 0, '', '', '', '', '', 0, 0, 0, 0, '', 0)
ON CONFLICT DO NOTHING

-- name: begin_round
-- A round from the mark; one from the beginning builds a generation of its own.
UPDATE library_shelf SET items = :items, mark = :mark, began_at = :at, tried_at = :at, known_until = :at, round = round + 1,
  batches = 0, half = 0, changed = 0, gone = 0, built = 0, kept = 0, wanted = 0,
  building = CASE :mark WHEN '' THEN newest + 1 ELSE 0 END, newest = CASE :mark WHEN '' THEN newest + 1 ELSE newest END
WHERE hall = :hall AND library = :library AND department = :department

-- name: resume_round
-- A round that a failure or the end of the process interrupted goes on.
UPDATE library_shelf SET tried_at = :at, known_until = CASE WHEN known_until < :at THEN known_until ELSE :at END, wanted = 0
WHERE hall = :hall AND library = :library AND department = :department

-- name: build_anew
-- The round turned out to name everything there is.
UPDATE library_shelf SET building = newest + 1, newest = newest + 1, built = 0, kept = 0, half = 0
WHERE hall = :hall AND library = :library AND department = :department

-- name: half_batch
-- Entries of a batch that was interrupted; it is asked for again.
SELECT id, found, has, doubtful FROM library_entry
WHERE hall = :hall AND library = :library AND department = :department AND generation = :generation AND batch = :batch

-- name: tally
-- What a part of a batch changed.
UPDATE library_shelf SET entries = entries + :entries, built = built + :built, kept = kept + :kept, changed = changed + :changed,
  gone = gone + :gone, known_until = CASE WHEN known_until < :known_at THEN known_until ELSE :known_at END, half = 1
WHERE hall = :hall AND library = :library AND department = :department

-- name: reach
-- A batch is on the shelf whole.
UPDATE library_shelf SET mark = :mark, batches = batches + 1, half = 0, tried_at = :at
WHERE hall = :hall AND library = :library AND department = :department

-- name: end_round
-- The round is whole: what it built is served from now on.
UPDATE library_shelf SET succeeded_at = :at, known_at = known_until,
  anew_at = CASE building WHEN 0 THEN anew_at ELSE :at END, took_ms = :took_ms, failures = 0, problem = '',
  last_changed = changed, last_gone = CASE building WHEN 0 THEN gone ELSE entries - kept END,
  entries = CASE building WHEN 0 THEN entries ELSE built END, generation = CASE building WHEN 0 THEN generation ELSE building END,
  building = 0, began_at = '', built = 0, kept = 0
WHERE hall = :hall AND library = :library AND department = :department

-- name: fail_round
-- A try that failed.
UPDATE library_shelf SET tried_at = :at, failures = failures + 1, problem = :problem
WHERE hall = :hall AND library = :library AND department = :department

-- name: give_up_round
-- The next try begins at the beginning.
UPDATE library_shelf SET mark = '', began_at = '', building = 0, built = 0, kept = 0 WHERE hall = :hall AND library = :library AND department = :department

-- name: clear_shelf
-- Nothing is served any more, and the next round begins at the beginning.
UPDATE library_shelf SET mark = '', began_at = '', building = 0, generation = newest + 1, newest = newest + 1, entries = 0,
  built = 0, kept = 0, known_at = ''
WHERE hall = :hall AND library = :library AND department = :department

-- name: remove_shelf
-- A shelf without entries.
DELETE FROM library_shelf WHERE hall = :hall AND library = :library AND department = :department

-- name: want_shelf
-- Somebody asks that it be collected now.
UPDATE library_shelf SET wanted = 1 WHERE hall = :hall AND library = :library AND department = :department

-- name: entry
-- One entry of one generation.
SELECT id, number, round, print, as_of, has, doubtful FROM library_entry
WHERE hall = :hall AND library = :library AND department = :department AND generation = :generation AND found = :found

-- name: put_entry
-- An entry, in the place of what this generation had under its key.
INSERT INTO library_entry (hall, library, department, generation, found, number, round, batch, print, as_of, known_at, has,
  doubtful, sealed)
VALUES (:hall, :library, :department, :generation, :found, :number, :round, :batch, :print, :as_of, :known_at, :has, :doubtful,
  :sealed)
ON CONFLICT (hall, library, department, generation, found) DO UPDATE SET number = excluded.number, round = excluded.round,
  batch = excluded.batch, print = excluded.print, as_of = excluded.as_of, known_at = excluded.known_at, has = excluded.has,
  doubtful = excluded.doubtful, sealed = excluded.sealed

-- name: drop_entry
-- An entry that went.
DELETE FROM library_entry WHERE id = :id

-- name: number_entry
-- An entry of a generation that has taken over can be told to other halls.
UPDATE library_entry SET number = :number WHERE id = :id

-- name: unnumbered
-- Entries of a generation that has taken over and that nobody was told of. By its index: through the other one SQLite
-- would pass by everything that has a number already.
SELECT id, found FROM library_entry INDEXED BY library_entry_unnumbered
WHERE hall = :hall AND library = :library AND department = :department AND generation = :generation AND number IS NULL LIMIT :most

-- name: outdated
-- Entries of generations that are served no more, or were never finished.
SELECT id, found, sealed FROM library_entry
WHERE hall = :hall AND library = :library AND department = :department AND generation > :above AND generation < :below LIMIT :most

-- name: add_share
-- More or fewer entries that have an item.
INSERT INTO library_share (hall, library, department, generation, item, has, doubtful)
VALUES (:hall, :library, :department, :generation, :item, :has, :doubtful)
ON CONFLICT (hall, library, department, generation, item)
DO UPDATE SET has = library_share.has + excluded.has, doubtful = library_share.doubtful + excluded.doubtful

-- name: drop_shares
-- The shares of generations that are served no more, or were never finished.
DELETE FROM library_share
WHERE hall = :hall AND library = :library AND department = :department AND generation > :above AND generation < :below

-- name: shares
-- What is served, in numbers.
SELECT s.department, s.item, s.has, s.doubtful FROM library_share AS s JOIN library_shelf AS f
  ON f.hall = s.hall AND f.library = s.library AND f.department = s.department AND f.generation = s.generation
WHERE s.hall = :hall AND s.library = :library

-- name: contradictions
-- How many subjects have an item that two departments tell differently.
SELECT item, count(*) AS subjects FROM library_contradiction WHERE hall = :hall AND library = :library GROUP BY item

-- name: drop_contradictions
-- What two departments told differently about one subject.
DELETE FROM library_contradiction WHERE hall = :hall AND library = :library AND found = :found

-- name: add_contradiction
-- Two departments tell an item of one subject differently.
INSERT INTO library_contradiction (hall, library, item, found) VALUES (:hall, :library, :item, :found)

-- name: served
-- Every entry that is served under one blind index; for the order's sake SQLite would choose an index of everything.
SELECT e.id, e.department, e.sealed, e.known_at, f.known_at AS confirmed_at
FROM library_entry AS e INDEXED BY library_entry_found JOIN library_shelf AS f
  ON f.hall = e.hall AND f.library = e.library AND f.department = e.department AND f.generation = e.generation
WHERE e.hall = :hall AND e.library = :library AND e.found = :found ORDER BY e.department

-- name: changed_after
-- What other halls have not been told yet, oldest change first.
SELECT e.found, e.number FROM library_entry AS e JOIN library_shelf AS f
  ON f.hall = e.hall AND f.library = e.library AND f.department = e.department AND f.generation = e.generation
WHERE e.hall = :hall AND e.library = :library AND e.number > :number ORDER BY e.number LIMIT :most

-- name: gone_after
-- What other halls must still strike off, oldest first.
SELECT found, number, sealed FROM library_gone WHERE hall = :hall AND library = :library AND number > :number
ORDER BY number LIMIT :most

-- name: all_after
-- Everything that is served, by blind index.
SELECT DISTINCT e.found FROM library_entry AS e JOIN library_shelf AS f
  ON f.hall = e.hall AND f.library = e.library AND f.department = e.department AND f.generation = e.generation
WHERE e.hall = :hall AND e.library = :library AND e.found > :found ORDER BY e.found LIMIT :most

-- name: add_gone
-- A key that is on no shelf any more.
INSERT INTO library_gone (hall, library, found, number, at, sealed) VALUES (:hall, :library, :found, :number, :at, :sealed)
ON CONFLICT (hall, library, found) DO UPDATE SET number = excluded.number, at = excluded.at, sealed = excluded.sealed

-- name: drop_gone
-- The key is there again.
DELETE FROM library_gone WHERE hall = :hall AND library = :library AND found = :found

-- name: raise_floor
-- Whoever has not asked since these went can not be told of them any more.
UPDATE library SET floor = (
  SELECT coalesce(max(g.number), library.floor) FROM library_gone AS g
  WHERE g.hall = library.hall AND g.library = library.library AND g.at < :before AND g.number > library.floor
) WHERE hall = :hall

-- name: forget_gone
-- Keys that went long ago.
DELETE FROM library_gone WHERE hall = :hall AND at < :before
