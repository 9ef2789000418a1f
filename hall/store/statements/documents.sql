-- Documents that were shown, scanned or issued, and the cases they went with.

-- name: same_document
-- What this person gave before of the same kind with the same contents.
SELECT document, keeping FROM document WHERE hall = :hall AND person = :person AND kind = :kind AND contents = :contents

-- name: add_document
-- A document and its rule; its pages follow.
INSERT INTO document (hall, document, person, kind, contents, keeping, visit, matter, origin, place, seen_on, valid_to,
  destroy_on, agreed_at, media, pages, sealed)
VALUES (:hall, :document, :person, :kind, :contents, :keeping, :visit, :matter, :origin, :place, :seen_on, :valid_to,
  :destroy_on, :agreed_at, :media, :pages, :sealed)

-- name: add_document_content
-- A picture, once for everything that shows it. One sealed by a key that is lost gives way to the same picture again.
INSERT INTO document_content (hall, content, key_id, sealed) VALUES (:hall, :content, :key_id, :sealed)
ON CONFLICT (hall, content) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed

-- name: add_document_page
-- One page of a document.
INSERT INTO document_page (hall, document, position, content) VALUES (:hall, :document, :position, :content)

-- name: add_document_use
-- A document goes with a case, once.
INSERT INTO document_use (hall, document, visit, how, at, seen_at, seen_window)
VALUES (:hall, :document, :visit, :how, :at, NULL, '') ON CONFLICT DO NOTHING RETURNING document

-- name: keep_document_longer
-- The last case that it goes with says how long it is kept.
UPDATE document SET destroy_on = :destroy_on WHERE hall = :hall AND document = :document AND destroy_on < :destroy_on

-- name: document_keeping
-- On another ground from now on: the person agreed, or took that back.
UPDATE document SET keeping = :keeping, agreed_at = :agreed_at WHERE hall = :hall AND document = :document

-- name: document_original_seen
-- A clerk saw the original, the first time.
UPDATE document_use SET seen_at = :at, seen_window = :window
WHERE hall = :hall AND document = :document AND visit = :visit AND seen_at IS NULL RETURNING document

-- name: document
-- One document, without its pages.
SELECT document, person, kind, keeping, visit, matter, origin, place, seen_on, valid_to, destroy_on, agreed_at, media, pages,
  sealed FROM document WHERE hall = :hall AND document = :document

-- name: documents_of_person
-- What is kept of a person, newest first.
SELECT document, person, kind, keeping, visit, matter, origin, place, seen_on, valid_to, destroy_on, agreed_at, media, pages,
  sealed FROM document WHERE hall = :hall AND person = :person ORDER BY seen_on DESC, document DESC

-- name: document_uses
-- The documents of a case, in the order they came.
SELECT document, how, at, seen_at, seen_window FROM document_use
WHERE hall = :hall AND visit = :visit ORDER BY at, document

-- name: document_page
-- One page, sealed, and the key that sealed it.
SELECT p.content, c.key_id, c.sealed FROM document_page AS p
LEFT JOIN document_content AS c ON c.hall = p.hall AND c.content = p.content
WHERE p.hall = :hall AND p.document = :document AND p.position = :position

-- name: due_documents
-- Those whose time is over, the oldest first.
SELECT document, kind, visit FROM document WHERE hall = :hall AND destroy_on < :day ORDER BY destroy_on, document LIMIT :most

-- name: drop_document_uses
-- It goes with no case any more.
DELETE FROM document_use WHERE hall = :hall AND document = :document

-- name: drop_document_pages
-- Its pages, by what they showed.
DELETE FROM document_page WHERE hall = :hall AND document = :document RETURNING content

-- name: drop_document_content
-- A picture that no document shows any more.
DELETE FROM document_content WHERE hall = :hall AND content = :content
  AND NOT EXISTS (SELECT 1 FROM document_page AS p WHERE p.hall = :hall AND p.content = :content)

-- name: drop_document
-- The document itself; its audit lines stay.
DELETE FROM document WHERE hall = :hall AND document = :document
