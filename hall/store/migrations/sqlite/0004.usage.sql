-- Whose records were read: which lines of the audit are about whom. `person` is the blind index of a number, as in
-- `application`; a row lives as long as its audit line.
-- Reads from before are found through submitted applications only, because only these knew whose they are: a visit
-- that was left and a guardian's own record kept no index. The window of a clerk's old reads was not written down.
-- depends: 0003.certificates

CREATE TABLE usage (
  hall TEXT NOT NULL,
  person BLOB NOT NULL,
  line INTEGER NOT NULL,
  matter TEXT NOT NULL,
  window TEXT NOT NULL,
  as_guardian INTEGER NOT NULL,
  PRIMARY KEY (hall, person, line),
  FOREIGN KEY (hall, line) REFERENCES audit (hall, number)
) STRICT, WITHOUT ROWID;

INSERT INTO usage (hall, person, line, matter, window, as_guardian)
SELECT a.hall, p.person, a.number, t.matter, '', 0
FROM audit AS a
JOIN application AS p ON p.hall = a.hall AND p.visit = a.object
JOIN ticket AS t ON t.hall = a.hall AND t.visit = a.object
WHERE a.event IN ('records_asked', 'case_opened', 'certificate_shown') AND instr(a.items, '"guardian.') = 0;
