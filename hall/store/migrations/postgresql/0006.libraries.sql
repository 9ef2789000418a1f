-- Collected base libraries (归集的基础库). Entries are AES-256-GCM in `sealed`, found by `found`, a blind index of library and
-- key. `generation`: a collection of everything is built beside what is served and takes its place in one step; rows of
-- other generations are on their way out.
-- depends: 0003.certificates

-- number: the newest change that other halls may ask for; floor: changes up to here can not be told any more.
CREATE TABLE library (
  hall TEXT NOT NULL,
  library TEXT NOT NULL,
  epoch TEXT NOT NULL,
  number BIGINT NOT NULL,
  floor BIGINT NOT NULL,
  PRIMARY KEY (hall, library)
);

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
  generation BIGINT NOT NULL,
  building BIGINT NOT NULL,
  newest BIGINT NOT NULL,
  entries BIGINT NOT NULL,
  built BIGINT NOT NULL,
  kept BIGINT NOT NULL,
  round BIGINT NOT NULL,
  began_at TEXT NOT NULL,
  batches BIGINT NOT NULL,
  half BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  gone BIGINT NOT NULL,
  known_until TEXT NOT NULL,
  tried_at TEXT NOT NULL,
  succeeded_at TEXT NOT NULL,
  known_at TEXT NOT NULL,
  anew_at TEXT NOT NULL,
  took_ms BIGINT NOT NULL,
  last_changed BIGINT NOT NULL,
  last_gone BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  problem TEXT NOT NULL,
  wanted BIGINT NOT NULL,
  PRIMARY KEY (hall, library, department)
);

-- print: a keyed digest of the contents. number: NULL until a generation that has taken over is numbered.
CREATE TABLE library_entry (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hall TEXT NOT NULL,
  library TEXT NOT NULL,
  department TEXT NOT NULL,
  generation BIGINT NOT NULL,
  found BYTEA NOT NULL,
  number BIGINT,
  round BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  print BYTEA NOT NULL,
  as_of TEXT NOT NULL,
  known_at TEXT NOT NULL,
  has TEXT NOT NULL,
  doubtful TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  UNIQUE (hall, library, department, generation, found)
);

CREATE INDEX library_entry_found ON library_entry (hall, library, found);
CREATE INDEX library_entry_number ON library_entry (hall, library, number) WHERE number IS NOT NULL;
CREATE INDEX library_entry_unnumbered ON library_entry (hall, library, department, generation) WHERE number IS NULL;

-- How many entries have an item, and how many have it in doubt.
CREATE TABLE library_share (
  hall TEXT NOT NULL,
  library TEXT NOT NULL,
  department TEXT NOT NULL,
  generation BIGINT NOT NULL,
  item TEXT NOT NULL,
  has BIGINT NOT NULL,
  doubtful BIGINT NOT NULL,
  PRIMARY KEY (hall, library, department, generation, item)
);

-- Whose item two departments tell differently.
CREATE TABLE library_contradiction (
  hall TEXT NOT NULL,
  library TEXT NOT NULL,
  item TEXT NOT NULL,
  found BYTEA NOT NULL,
  PRIMARY KEY (hall, library, found, item)
);

-- Keys that are in no register any more, for halls that collect this library and must strike them off too.
CREATE TABLE library_gone (
  hall TEXT NOT NULL,
  library TEXT NOT NULL,
  found BYTEA NOT NULL,
  number BIGINT NOT NULL,
  at TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (hall, library, found)
);

CREATE INDEX library_gone_number ON library_gone (hall, library, number);
CREATE INDEX library_gone_at ON library_gone (hall, at);
