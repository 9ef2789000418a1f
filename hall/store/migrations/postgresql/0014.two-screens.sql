-- The citizen's screen of a window: its token, what the clerk asks of the citizen there, ratings and calls back.
-- A rating names no visit and no time; `rated` names the visit and no grade: nothing tells which belongs to which.
-- depends: 0008.decided-upon

CREATE TABLE screen (
  hall TEXT NOT NULL,
  at_window TEXT NOT NULL,
  token TEXT NOT NULL,
  session TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  about TEXT NOT NULL,
  language TEXT NOT NULL,
  large BIGINT NOT NULL,
  PRIMARY KEY (hall, at_window)
);

CREATE UNIQUE INDEX screen_token ON screen (hall, token);

CREATE TABLE asked_citizen (
  hall TEXT NOT NULL,
  id TEXT NOT NULL,
  visit TEXT NOT NULL,
  turn BIGINT NOT NULL,
  position BIGINT NOT NULL,
  kind TEXT NOT NULL,
  field TEXT NOT NULL,
  state TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  replied_at TEXT NOT NULL,
  mark TEXT NOT NULL,
  wrong TEXT NOT NULL,
  sealed BYTEA,
  PRIMARY KEY (hall, id)
);

CREATE UNIQUE INDEX asked_citizen_open ON asked_citizen (hall, visit) WHERE state = 'open';
CREATE INDEX asked_citizen_untaken ON asked_citizen (hall, visit) WHERE state = 'signed';
CREATE UNIQUE INDEX asked_citizen_visit ON asked_citizen (hall, visit, position);

CREATE TABLE rated (
  hall TEXT NOT NULL,
  visit TEXT NOT NULL,
  turn BIGINT NOT NULL,
  PRIMARY KEY (hall, visit, turn)
);

CREATE TABLE rating (
  hall TEXT NOT NULL,
  id TEXT NOT NULL,
  day TEXT NOT NULL,
  at_window TEXT NOT NULL,
  matter TEXT NOT NULL,
  grade BIGINT NOT NULL,
  tags TEXT NOT NULL,
  PRIMARY KEY (hall, id)
);

CREATE INDEX rating_day ON rating (hall, day);

CREATE TABLE call_back (
  hall TEXT NOT NULL,
  id TEXT NOT NULL,
  day TEXT NOT NULL,
  due TEXT NOT NULL,
  at_window TEXT NOT NULL,
  matter TEXT NOT NULL,
  grade BIGINT NOT NULL,
  tags TEXT NOT NULL,
  sealed BYTEA,
  closed_at TEXT NOT NULL,
  closed_by TEXT NOT NULL,
  outcome TEXT NOT NULL,
  PRIMARY KEY (hall, id)
);

CREATE INDEX call_back_open ON call_back (hall, due) WHERE outcome = '';
