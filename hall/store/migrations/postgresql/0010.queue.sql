-- The line: classes and places kept for somebody, times of each step, what a clerk did with a ticket, appointments.
-- depends: 0008.decided-upon

-- class, ground: why a ticket has its head start. arrived_at: since when it waits; due is that less the head start.
-- not_before: '' or the instant from which it may be called. meant_for: '' anybody, a window, or skill:NAME;
-- beside: 1 while it is meant for the window where its person stands with another ticket.
-- from_window, from_clerk, from_why: who held it or passed it on last. carried: it stands over from an earlier day.
-- ended: why the hall ended it. turn: the hall's event number at the call, because a clock may go backwards.
-- called_first_at, calls_since: the first call of this sitting, and of this window's calls. doubts: what makes times doubtful.
ALTER TABLE ticket ADD COLUMN class TEXT NOT NULL DEFAULT 'ordinary';
ALTER TABLE ticket ADD COLUMN ground TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN arrived_at TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN not_before TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN meant_for TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN beside BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN from_window TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN from_clerk TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN from_why TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN carried BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN ended TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN called_first_at TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN calls_since TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN opened_at TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN decided_at TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN doubts TEXT NOT NULL DEFAULT '';
UPDATE ticket SET arrived_at = issued_at, calls_since = called_at;

CREATE INDEX ticket_of_matter ON ticket (hall, queue_day, matter, due, id) WHERE status = 'submitted' AND meant_for = '';
CREATE INDEX ticket_meant ON ticket (hall, meant_for, queue_day, due, id) WHERE status = 'submitted' AND meant_for <> '';
CREATE INDEX ticket_held ON ticket (hall, queue_day, id) WHERE status = 'held';
CREATE INDEX ticket_day ON ticket (hall, queue_day, status, turn);
DROP INDEX ticket_last_at_window;
CREATE INDEX ticket_last_at_window ON ticket (hall, "window", turn, called_at) WHERE "window" <> '';

-- A sitting that is over although its ticket goes on: before it went back into a line.
CREATE TABLE sitting (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hall TEXT NOT NULL,
  day TEXT NOT NULL,
  visit TEXT NOT NULL,
  number TEXT NOT NULL,
  matter TEXT NOT NULL,
  class TEXT NOT NULL,
  "window" TEXT NOT NULL,
  arrived_at TEXT NOT NULL,
  called_first_at TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  doubts TEXT NOT NULL
);

CREATE INDEX sitting_day ON sitting (hall, day);

-- state: booked, taken, late, missed, cancelled. person: a blind index; number and name lie in `sealed`. reference: the
-- booking system's own, '' for one made at a window.
CREATE TABLE appointment (
  hall TEXT NOT NULL,
  appointment TEXT NOT NULL,
  day TEXT NOT NULL,
  slot TEXT NOT NULL,
  matter TEXT NOT NULL,
  person BYTEA NOT NULL,
  state TEXT NOT NULL,
  visit TEXT NOT NULL,
  booked_by TEXT NOT NULL,
  reference TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (hall, appointment)
);

CREATE INDEX appointment_day ON appointment (hall, day, slot);
CREATE INDEX appointment_booked ON appointment (hall, day) WHERE state = 'booked';
CREATE UNIQUE INDEX appointment_live ON appointment (hall, person, matter, day) WHERE state = 'booked';
CREATE UNIQUE INDEX appointment_reference ON appointment (hall, reference) WHERE reference <> '';
