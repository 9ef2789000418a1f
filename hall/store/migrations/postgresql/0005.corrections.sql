-- Disputes and what became of them. `person` is a blind index; value, claim, name and notes lie in `sealed`, each
-- picture of evidence in a sealed row of its own. A delivery is of a case or of a correction: `subject` names it.
-- depends: 0003.certificates

CREATE TABLE correction (
  hall TEXT NOT NULL,
  correction TEXT NOT NULL,
  visit TEXT NOT NULL,
  position BIGINT NOT NULL,
  person BYTEA NOT NULL,
  item TEXT NOT NULL,
  department TEXT NOT NULL,
  state TEXT NOT NULL,
  by_hand BIGINT NOT NULL,
  reason TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  answered_at TEXT,
  heard_at TEXT,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (hall, correction)
);

CREATE INDEX correction_visit ON correction (hall, visit);
CREATE INDEX correction_person ON correction (hall, person);
CREATE INDEX correction_state ON correction (hall, state, opened_at) WHERE state IN ('open', 'sent');
CREATE UNIQUE INDEX correction_live ON correction (hall, visit, item, department) WHERE state IN ('open', 'sent');

CREATE TABLE evidence (
  hall TEXT NOT NULL,
  correction TEXT NOT NULL,
  position BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (hall, correction, position)
);

ALTER TABLE delivery RENAME COLUMN visit TO subject;
ALTER TABLE delivery_step RENAME COLUMN visit TO subject;
