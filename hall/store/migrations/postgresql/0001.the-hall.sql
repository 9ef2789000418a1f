-- The hall's tables. Every key begins with the hall, so that halls may one day share a database.
-- Columns named `sealed` or `lookup` are AES-256-GCM and `person` is a blind index: no other column
-- of any table may hold personal data. Instants are UTC, ISO 8601 with microseconds; days are
-- working days in Asia/Shanghai.

CREATE TABLE hall (
  hall TEXT NOT NULL PRIMARY KEY,
  event BIGINT NOT NULL
);

-- state: open, submitted, left. A left visit keeps no records; it only refuses a late opening.
CREATE TABLE visit (
  hall TEXT NOT NULL,
  visit TEXT NOT NULL,
  terminal TEXT NOT NULL,
  matter TEXT NOT NULL,
  today TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  state TEXT NOT NULL,
  sealed BYTEA,
  PRIMARY KEY (hall, visit)
);

CREATE INDEX visit_open ON visit (hall, opened_at) WHERE state = 'open';

CREATE TABLE application (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hall TEXT NOT NULL,
  visit TEXT NOT NULL,
  person BYTEA NOT NULL,
  sealed BYTEA NOT NULL,
  lookup BYTEA NOT NULL,
  UNIQUE (hall, visit)
);

CREATE INDEX application_person ON application (hall, person);

CREATE TABLE series (
  hall TEXT NOT NULL,
  day TEXT NOT NULL,
  letter TEXT NOT NULL,
  number BIGINT NOT NULL,
  PRIMARY KEY (hall, day, letter)
);

-- working_day: when the number was issued. queue_day: the day it stands in line (later after a return).
CREATE TABLE ticket (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hall TEXT NOT NULL,
  visit TEXT NOT NULL,
  number TEXT NOT NULL,
  matter TEXT NOT NULL,
  working_day TEXT NOT NULL,
  queue_day TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  due TEXT NOT NULL,
  status TEXT NOT NULL,
  "window" TEXT NOT NULL,
  calls BIGINT NOT NULL,
  called_at TEXT NOT NULL,
  UNIQUE (hall, visit),
  UNIQUE (hall, working_day, number)
);

CREATE INDEX ticket_waiting ON ticket (hall, queue_day, due, id) WHERE status = 'submitted';
CREATE UNIQUE INDEX ticket_at_window ON ticket (hall, "window") WHERE status = 'called';
CREATE INDEX ticket_last_at_window ON ticket (hall, "window", called_at) WHERE "window" <> '';

CREATE TABLE decision (
  hall TEXT NOT NULL,
  visit TEXT NOT NULL,
  position BIGINT NOT NULL,
  action TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (hall, visit, position)
);

CREATE TABLE delivery (
  hall TEXT NOT NULL,
  visit TEXT NOT NULL,
  department TEXT NOT NULL,
  next_try TEXT NOT NULL,
  done BIGINT NOT NULL,
  PRIMARY KEY (hall, visit, department)
);

CREATE INDEX delivery_due ON delivery (hall, next_try) WHERE done = 0;

CREATE TABLE delivery_step (
  hall TEXT NOT NULL,
  visit TEXT NOT NULL,
  department TEXT NOT NULL,
  position BIGINT NOT NULL,
  name TEXT NOT NULL,
  tries BIGINT NOT NULL,
  done_at TEXT,
  number TEXT NOT NULL,
  problem TEXT NOT NULL,
  PRIMARY KEY (hall, visit, department, position)
);

CREATE TABLE event (
  hall TEXT NOT NULL,
  number BIGINT NOT NULL,
  name TEXT NOT NULL,
  visit TEXT NOT NULL,
  "window" TEXT NOT NULL,
  PRIMARY KEY (hall, number)
);

CREATE TABLE audit (
  hall TEXT NOT NULL,
  number BIGINT NOT NULL,
  at TEXT NOT NULL,
  event TEXT NOT NULL,
  actor TEXT NOT NULL,
  object TEXT NOT NULL,
  items TEXT NOT NULL,
  outcome TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (hall, number)
);

CREATE INDEX audit_object ON audit (hall, object);

-- The first answer to every request, by its key. `asked` is a keyed digest of what was asked.
CREATE TABLE replay (
  hall TEXT NOT NULL,
  key TEXT NOT NULL,
  asked BYTEA NOT NULL,
  answer TEXT NOT NULL,
  PRIMARY KEY (hall, key)
);

CREATE TABLE staff (
  hall TEXT NOT NULL,
  name TEXT NOT NULL,
  password TEXT NOT NULL,
  PRIMARY KEY (hall, name)
);

CREATE TABLE session (
  hall TEXT NOT NULL,
  token TEXT NOT NULL,
  clerk TEXT NOT NULL,
  "window" TEXT NOT NULL,
  started_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  PRIMARY KEY (hall, token)
);

-- Only here: SQLite's key lies beside its file. A keyed digest of the hall's name, so that a process with another field.key
-- is refused before it seals rows that the others cannot open.
CREATE TABLE field_key (
  hall TEXT NOT NULL PRIMARY KEY,
  print BYTEA NOT NULL
);
