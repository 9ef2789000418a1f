-- Staff get roles, a second factor and an end; a session is kept for a while after it ended, so that its page can be told why
-- and what was typed into it is not lost. `totp`, `parked` and the log-in's `sealed` are AES-256-GCM, `code` is a keyed digest.
-- depends: 0008.decided-upon

-- roles: by spaces. origin: local, oidc. last_step: of the last code taken; none is taken twice.
ALTER TABLE staff ADD COLUMN roles TEXT NOT NULL DEFAULT 'clerk';
ALTER TABLE staff ADD COLUMN origin TEXT NOT NULL DEFAULT 'local';
ALTER TABLE staff ADD COLUMN must_change BIGINT NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN disabled BIGINT NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN totp BYTEA;
ALTER TABLE staff ADD COLUMN last_step BIGINT NOT NULL DEFAULT 0;

CREATE TABLE recovery_code (
  hall TEXT NOT NULL,
  name TEXT NOT NULL,
  code BYTEA NOT NULL,
  PRIMARY KEY (hall, name, code)
);

-- locked_at: '' while it is open. ended: '' while it lives, else why it does not.
ALTER TABLE session ADD COLUMN locked_at TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN ended TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN parked BYTEA;
CREATE INDEX session_clerk ON session (hall, clerk);
CREATE INDEX session_window ON session (hall, "window") WHERE ended = '';

-- A log-in between its first step and its last.
CREATE TABLE log_in (
  hall TEXT NOT NULL,
  token TEXT NOT NULL,
  at TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (hall, token)
);
