-- The tickets of one day are found among those of all days.
-- depends: 0003.certificates

CREATE INDEX ticket_day ON ticket (hall, queue_day);
