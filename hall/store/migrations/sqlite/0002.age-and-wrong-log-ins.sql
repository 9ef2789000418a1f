-- What is needed only for a while gets its age: events a working day, first answers an instant.
-- Answers kept before this migration count from now on.
-- depends: 0001.the-hall

ALTER TABLE event ADD COLUMN day TEXT NOT NULL DEFAULT '';
CREATE INDEX event_day ON event (hall, day);

ALTER TABLE replay ADD COLUMN at TEXT NOT NULL DEFAULT '';
UPDATE replay SET at = strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now');
CREATE INDEX replay_at ON replay (hall, at);

-- about: a blind index of the name as typed, or of the window. A name may be a password typed in the wrong place.
CREATE TABLE wrong_log_in (
  id INTEGER PRIMARY KEY,
  hall TEXT NOT NULL,
  about BLOB NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE INDEX wrong_log_in_about ON wrong_log_in (hall, about, at);
