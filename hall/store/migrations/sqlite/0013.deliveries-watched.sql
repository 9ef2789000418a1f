-- Deliveries that somebody watches: since when they are on their way, when their tries were used up, who carried them by
-- hand, what was sent; the nightly reconciliation with every department; and what departments say became of their cases.
-- depends: 0008.decided-upon

-- leases: how often it was taken by a sender; after the first time the department may have it already.
ALTER TABLE delivery ADD COLUMN added_at TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN accepted_at TEXT;
ALTER TABLE delivery ADD COLUMN leases INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN dead_at TEXT;
ALTER TABLE delivery ADD COLUMN by_hand TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN progress TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN progress_at TEXT;

-- sent: a digest of what the department got, compared with what it has.
ALTER TABLE delivery_step ADD COLUMN sent TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery_step ADD COLUMN failing_since TEXT;

UPDATE delivery SET
  leases = 1,
  accepted_at = (
    SELECT s.done_at FROM delivery_step AS s
    WHERE s.hall = delivery.hall AND s.subject = delivery.subject AND s.department = delivery.department AND s.name = 'accept'
  ),
  added_at = COALESCE(
    (SELECT t.called_at FROM ticket AS t WHERE t.hall = delivery.hall AND t.visit = delivery.subject), ''
  );

-- Twelve tries were the budget before.
UPDATE delivery SET dead_at = added_at WHERE done = 0 AND next_try LIKE '9999%' AND EXISTS (
  SELECT 1 FROM delivery_step AS s WHERE s.hall = delivery.hall AND s.subject = delivery.subject
    AND s.department = delivery.department AND s.done_at IS NULL AND s.tries >= 12
);

CREATE INDEX delivery_open ON delivery (hall, department, next_try) WHERE done = 0;
CREATE INDEX delivery_accepted ON delivery (hall, department, accepted_at) WHERE accepted_at IS NOT NULL;
CREATE INDEX delivery_ready ON delivery (hall, progress_at) WHERE progress = 'ready';
CREATE INDEX delivery_number ON delivery_step (hall, department, number) WHERE name = 'accept' AND number <> '';

-- state: running, done, failed. `until` is the lease of whoever compares.
CREATE TABLE reconciliation (
  hall TEXT NOT NULL,
  day TEXT NOT NULL,
  department TEXT NOT NULL,
  state TEXT NOT NULL,
  began_at TEXT NOT NULL,
  until TEXT NOT NULL,
  ended_at TEXT,
  problem TEXT NOT NULL,
  matched INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  different INTEGER NOT NULL,
  surplus INTEGER NOT NULL,
  PRIMARY KEY (hall, day, department)
) STRICT, WITHOUT ROWID;

-- kind: missing, different, surplus. subject: the visit; '' when the hall knows of none. ours, theirs: the department's
-- numbers as the hall and as the department has them.
CREATE TABLE reconciliation_finding (
  hall TEXT NOT NULL,
  day TEXT NOT NULL,
  department TEXT NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  ours TEXT NOT NULL,
  theirs TEXT NOT NULL,
  PRIMARY KEY (hall, day, department, position)
) STRICT, WITHOUT ROWID;

-- How far a department's status feed was read. next_poll is also the lease of whoever reads it.
CREATE TABLE feed (
  hall TEXT NOT NULL,
  department TEXT NOT NULL,
  mark TEXT NOT NULL,
  next_poll TEXT NOT NULL,
  heard_at TEXT,
  failures INTEGER NOT NULL,
  problem TEXT NOT NULL,
  PRIMARY KEY (hall, department)
) STRICT, WITHOUT ROWID;

-- Everything a department said of its cases, once each. state: applied, late, held (its case is not so far yet, or the
-- hall knows no such number).
CREATE TABLE feed_message (
  hall TEXT NOT NULL,
  department TEXT NOT NULL,
  message TEXT NOT NULL,
  number TEXT NOT NULL,
  progress TEXT NOT NULL,
  state TEXT NOT NULL,
  heard_at TEXT NOT NULL,
  PRIMARY KEY (hall, department, message)
) STRICT, WITHOUT ROWID;

CREATE INDEX feed_held ON feed_message (hall, department, number) WHERE state = 'held';
