-- Promised papers of cases accepted without them (容缺受理), and the cases that wait for a second person (复核).
-- depends: 0008.decided-upon

-- state: open, brought, closed. at_window: where it was brought or followed up, '' while it is open. `sealed` is the
-- promise, `picture` what was brought.
CREATE TABLE promised (
  hall TEXT NOT NULL,
  visit TEXT NOT NULL,
  paper TEXT NOT NULL,
  until TEXT NOT NULL,
  made_at TEXT NOT NULL,
  state TEXT NOT NULL,
  closed_at TEXT NOT NULL,
  at_window TEXT NOT NULL,
  sealed BLOB NOT NULL,
  picture BLOB,
  PRIMARY KEY (hall, visit, paper)
) STRICT;

CREATE INDEX promised_open ON promised (hall, until, visit) WHERE state = 'open';
CREATE INDEX ticket_in_review ON ticket (hall, called_at) WHERE status IN ('to_approve', 'sent_back');
