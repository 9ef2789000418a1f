-- Disputes and what became of them. `person` is a blind index; value, claim, name and notes lie in `sealed`, each
-- picture of evidence in a sealed row of its own. A delivery is of a case or of a correction: `subject` names it.
-- depends: 0003.certificates

CREATE TABLE correction (
  hall TEXT NOT NULL,
  correction TEXT NOT NULL,
  visit TEXT NOT NULL,
  position INTEGER NOT NULL,
  person BLOB NOT NULL,
  item TEXT NOT NULL,
  department TEXT NOT NULL,
  state TEXT NOT NULL,
  by_hand INTEGER NOT NULL,
  reason TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  answered_at TEXT,
  heard_at TEXT,
  sealed BLOB NOT NULL,
  PRIMARY KEY (hall, correction)
) STRICT, WITHOUT ROWID;

CREATE INDEX correction_visit ON correction (hall, visit);
CREATE INDEX correction_person ON correction (hall, person);
CREATE INDEX correction_state ON correction (hall, state, opened_at) WHERE state IN ('open', 'sent');
CREATE UNIQUE INDEX correction_live ON correction (hall, visit, item, department) WHERE state IN ('open', 'sent');

CREATE TABLE evidence (
  hall TEXT NOT NULL,
  correction TEXT NOT NULL,
  position INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (hall, correction, position)
) STRICT, WITHOUT ROWID;

ALTER TABLE delivery RENAME COLUMN visit TO subject;
ALTER TABLE delivery_step RENAME COLUMN visit TO subject;
