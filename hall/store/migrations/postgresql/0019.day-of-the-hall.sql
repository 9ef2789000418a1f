-- The overview asks for a day's log-ins, locks and ends of sessions, and must not read the whole audit for them.
-- depends: 0008.decided-upon

CREATE INDEX audit_presence ON audit (hall, at) WHERE event IN (
  'staff_logged_in', 'staff_logged_out', 'staff_session_ended', 'staff_locked', 'staff_unlocked'
);
