-- How the terminals are.

-- name: keep_terminal_state
-- A terminal's newest word.
INSERT INTO terminal_state (hall, terminal, at, state) VALUES (:hall, :terminal, :at, :state)
ON CONFLICT (hall, terminal) DO UPDATE SET at = excluded.at, state = excluded.state

-- name: terminal_state
-- A terminal's newest word.
SELECT terminal, at, state FROM terminal_state WHERE hall = :hall AND terminal = :terminal

-- name: terminal_states
-- The newest word of every terminal.
SELECT terminal, at, state FROM terminal_state WHERE hall = :hall ORDER BY terminal

-- name: add_terminal_change
-- A word that was another than the one before.
INSERT INTO terminal_change (hall, terminal, at, state) VALUES (:hall, :terminal, :at, :state) ON CONFLICT DO NOTHING

-- name: terminal_changes
-- What a terminal said since, the newest first.
SELECT terminal, at, state FROM terminal_change WHERE hall = :hall AND terminal = :terminal AND at >= :since ORDER BY at DESC

-- name: forget_terminal_changes
-- Changes that nobody asks for any more.
DELETE FROM terminal_change WHERE hall = :hall AND at < :before
