-- How each terminal said it was, the newest word and the changes before it. `state` is JSON of flows.heartbeat: codes and
-- counts, nothing of a person.
-- depends: 0008.decided-upon

CREATE TABLE terminal_state (
  hall TEXT NOT NULL,
  terminal TEXT NOT NULL,
  at TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (hall, terminal)
);

CREATE TABLE terminal_change (
  hall TEXT NOT NULL,
  terminal TEXT NOT NULL,
  at TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (hall, terminal, at)
);

CREATE INDEX terminal_change_at ON terminal_change (hall, at);
