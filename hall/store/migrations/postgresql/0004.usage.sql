-- Whose records were read: which lines of the audit are about whom. `person` is the blind index of a number, as in
-- `application`; a row lives as long as its audit line.
-- depends: 0003.certificates

CREATE TABLE usage (
  hall TEXT NOT NULL,
  person BYTEA NOT NULL,
  line BIGINT NOT NULL,
  matter TEXT NOT NULL,
  "window" TEXT NOT NULL,
  as_guardian BIGINT NOT NULL,
  PRIMARY KEY (hall, person, line),
  FOREIGN KEY (hall, line) REFERENCES audit (hall, number)
);
