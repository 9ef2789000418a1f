-- What the departments said as a case was accepted, sealed: the records that its clerk decided upon.
-- depends: 0003.certificates

ALTER TABLE decision ADD COLUMN lookup BYTEA;
