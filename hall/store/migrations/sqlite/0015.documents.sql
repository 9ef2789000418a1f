-- Kept documents. `person` and `contents` are blind indexes, `content` is the keyed digest by which a picture is kept once;
-- pictures lie in document_content.sealed, their digests in document.sealed. A certificate has no pages: it is drawn anew.
-- depends: 0008.decided-upon

CREATE TABLE document (
  hall TEXT NOT NULL,
  document TEXT NOT NULL,
  person BLOB NOT NULL,
  kind TEXT NOT NULL,
  contents BLOB NOT NULL,
  keeping TEXT NOT NULL,
  visit TEXT NOT NULL,
  matter TEXT NOT NULL,
  origin TEXT NOT NULL,
  place TEXT NOT NULL,
  seen_on TEXT NOT NULL,
  valid_to TEXT,
  destroy_on TEXT NOT NULL,
  agreed_at TEXT,
  media TEXT NOT NULL,
  pages INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (hall, document),
  UNIQUE (hall, person, kind, contents)
) STRICT, WITHOUT ROWID;

CREATE INDEX document_due ON document (hall, destroy_on);

CREATE TABLE document_page (
  hall TEXT NOT NULL,
  document TEXT NOT NULL,
  position INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (hall, document, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX document_page_content ON document_page (hall, content);

CREATE TABLE document_content (
  id INTEGER PRIMARY KEY,
  hall TEXT NOT NULL,
  content BLOB NOT NULL,
  key_id TEXT NOT NULL,
  sealed BLOB NOT NULL,
  UNIQUE (hall, content)
) STRICT;

-- With which cases a document went; `how` is given or reused. The original was seen at this window, at this time.
CREATE TABLE document_use (
  hall TEXT NOT NULL,
  document TEXT NOT NULL,
  visit TEXT NOT NULL,
  how TEXT NOT NULL,
  at TEXT NOT NULL,
  seen_at TEXT,
  seen_window TEXT NOT NULL,
  PRIMARY KEY (hall, document, visit)
) STRICT, WITHOUT ROWID;

CREATE INDEX document_use_visit ON document_use (hall, visit, at);
