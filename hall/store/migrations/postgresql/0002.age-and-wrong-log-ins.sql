-- What is needed only for a while gets its age: events a working day, first answers an instant.
-- depends: 0001.the-hall

ALTER TABLE event ADD COLUMN day TEXT NOT NULL DEFAULT '';
CREATE INDEX event_day ON event (hall, day);

ALTER TABLE replay ADD COLUMN at TEXT NOT NULL DEFAULT '';
CREATE INDEX replay_at ON replay (hall, at);

-- about: a blind index of the name as typed, or of the window. A name may be a password typed in the wrong place.
CREATE TABLE wrong_log_in (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hall TEXT NOT NULL,
  about BYTEA NOT NULL,
  at TEXT NOT NULL
);

CREATE INDEX wrong_log_in_about ON wrong_log_in (hall, about, at);
