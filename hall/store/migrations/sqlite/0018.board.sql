-- The calling board asks for the last calls of a day, whatever became of them.
-- depends: 0008.decided-upon

CREATE INDEX ticket_called_at ON ticket (hall, called_at) WHERE called_at <> '';
