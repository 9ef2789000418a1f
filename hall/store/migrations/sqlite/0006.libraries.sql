-- Collected base libraries (归集的基础库). Entries are AES-256-GCM in `sealed`, found by `found`, a blind index of library and
-- key. `generation`: a collection of everything is built beside what is served and takes its place in one step; rows of
-- other generations are on their way out.
-- depends: 0003.certificates

-- number: the newest change that other halls may ask for; floor: changes up to here can not be told any more.
CREATE TABLE library (
  hall TEXT NOT NULL,
  library TEXT NOT NULL,
  epoch TEXT NOT NULL,
  number INTEGER NOT NULL,
  floor INTEGER NOT NULL,
  PRIMARY KEY (hall, library)
) STRICT, WITHOUT ROWID;

-- What one library has of one department. building: 0 when a round adds to what is served; newest: the highest generation
-- ever begun. entries, built, kept: how many are served, being built, and both. began_at: '' when no round is under way.
-- anew_at: when everything was collected last.
-- half: part of a batch was put and its end was not.
CREATE TABLE library_shelf (
  hall TEXT NOT NULL,
  library TEXT NOT NULL,
  department TEXT NOT NULL,
  items TEXT NOT NULL,
  mark TEXT NOT NULL,
  generation INTEGER NOT NULL,
  building INTEGER NOT NULL,
  newest INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  built INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  round INTEGER NOT NULL,
  began_at TEXT NOT NULL,
  batches INTEGER NOT NULL,
  half INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  gone INTEGER NOT NULL,
  known_until TEXT NOT NULL,
  tried_at TEXT NOT NULL,
  succeeded_at TEXT NOT NULL,
  known_at TEXT NOT NULL,
  anew_at TEXT NOT NULL,
  took_ms INTEGER NOT NULL,
  last_changed INTEGER NOT NULL,
  last_gone INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  problem TEXT NOT NULL,
  wanted INTEGER NOT NULL,
  PRIMARY KEY (hall, library, department)
) STRICT, WITHOUT ROWID;

-- print: a keyed digest of the contents. number: NULL until a generation that has taken over is numbered.
CREATE TABLE library_entry (
  id INTEGER PRIMARY KEY,
  hall TEXT NOT NULL,
  library TEXT NOT NULL,
  department TEXT NOT NULL,
  generation INTEGER NOT NULL,
  found BLOB NOT NULL,
  number INTEGER,
  round INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  print BLOB NOT NULL,
  as_of TEXT NOT NULL,
  known_at TEXT NOT NULL,
  has TEXT NOT NULL,
  doubtful TEXT NOT NULL,
  sealed BLOB NOT NULL,
  UNIQUE (hall, library, department, generation, found)
) STRICT;

CREATE INDEX library_entry_found ON library_entry (hall, library, found);
CREATE INDEX library_entry_number ON library_entry (hall, library, number) WHERE number IS NOT NULL;
CREATE INDEX library_entry_unnumbered ON library_entry (hall, library, department, generation) WHERE number IS NULL;

-- How many entries have an item, and how many have it in doubt.
CREATE TABLE library_share (
  hall TEXT NOT NULL,
  library TEXT NOT NULL,
  department TEXT NOT NULL,
  generation INTEGER NOT NULL,
  item TEXT NOT NULL,
  has INTEGER NOT NULL,
  doubtful INTEGER NOT NULL,
  PRIMARY KEY (hall, library, department, generation, item)
) STRICT, WITHOUT ROWID;

-- Whose item two departments tell differently.
CREATE TABLE library_contradiction (
  hall TEXT NOT NULL,
  library TEXT NOT NULL,
  item TEXT NOT NULL,
  found BLOB NOT NULL,
  PRIMARY KEY (hall, library, found, item)
) STRICT, WITHOUT ROWID;

-- Keys that are in no register any more, for halls that collect this library and must strike them off too.
CREATE TABLE library_gone (
  hall TEXT NOT NULL,
  library TEXT NOT NULL,
  found BLOB NOT NULL,
  number INTEGER NOT NULL,
  at TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (hall, library, found)
) STRICT, WITHOUT ROWID;

CREATE INDEX library_gone_number ON library_gone (hall, library, number);
CREATE INDEX library_gone_at ON library_gone (hall, at);
