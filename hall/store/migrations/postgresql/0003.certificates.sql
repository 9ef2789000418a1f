-- What the hall issued by itself. `found` is a blind index of the verification code; the code, the paper's
-- words and whose it is lie in `sealed`.
-- depends: 0002.age-and-wrong-log-ins

CREATE TABLE certificate (
  hall TEXT NOT NULL,
  visit TEXT NOT NULL,
  found BYTEA NOT NULL,
  sealed BYTEA NOT NULL,
  revoked_at TEXT,
  PRIMARY KEY (hall, visit),
  UNIQUE (hall, found)
);
