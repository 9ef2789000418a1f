-- What a clerk is filling in for somebody at a window, kept until it is submitted, given up or the day is over. `sealed`
-- (who it is and what was typed) and `pictures` are sealed, `person` is the blind index; one a clerk and window.
-- depends: 0008.decided-upon

CREATE TABLE counter_draft (
  hall TEXT NOT NULL,
  visit TEXT NOT NULL,
  at_window TEXT NOT NULL,
  clerk TEXT NOT NULL,
  matter TEXT NOT NULL,
  working_day TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  person BYTEA NOT NULL,
  version BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  pictures BYTEA NOT NULL,
  PRIMARY KEY (hall, visit),
  UNIQUE (hall, at_window, clerk)
);

CREATE INDEX counter_draft_person ON counter_draft (hall, person);
