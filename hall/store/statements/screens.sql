-- The citizen's screen of a window, and what the clerk asks of the citizen there.

-- name: open_screen
-- The window's one screen: a new one takes the place of the former, whose token is worth nothing from now on.
INSERT INTO screen (hall, at_window, token, session, opened_at, about, language, large)
VALUES (:hall, :at_window, :token, :session, :at, '', '', 0)
ON CONFLICT (hall, at_window) DO UPDATE SET token = excluded.token, session = excluded.session,
  opened_at = excluded.opened_at, about = '', language = '', large = 0

-- name: screen
-- A screen by the hash of its token.
SELECT at_window, session, about, language, large FROM screen WHERE hall = :hall AND token = :token

-- name: prefer
-- How the citizen of one turn wants to read; the next one begins anew.
UPDATE screen SET about = :about, language = :language, large = :large WHERE hall = :hall AND at_window = :at_window

-- name: turn_at
-- Whoever was called last at a window, and which call of theirs it was.
SELECT ticket.visit, ticket.number, ticket.matter, ticket.status, ticket.turn FROM ticket
WHERE ticket.hall = :hall AND ticket.window = :at_window AND ticket.window <> ''
ORDER BY ticket.turn DESC, ticket.called_at DESC, ticket.id DESC LIMIT 1

-- name: newest_decision
-- The last thing that a clerk did with a case.
SELECT sealed FROM decision WHERE hall = :hall AND visit = :visit ORDER BY position DESC LIMIT 1

-- name: withdraw_asked
-- What was asked of this citizen and not answered is asked no more.
UPDATE asked_citizen SET state = 'withdrawn' WHERE hall = :hall AND visit = :visit AND state = 'open' RETURNING id

-- name: ask_citizen
-- The clerk asks the citizen at the window to look something over, or to sign.
INSERT INTO asked_citizen (hall, id, visit, turn, position, kind, field, state, asked_at, replied_at, mark, wrong)
SELECT :hall, :id, :visit, :turn, count(*) + 1, :kind, :field, 'open', :at, '', '', ''
FROM asked_citizen WHERE hall = :hall AND visit = :visit

-- name: asked_of
-- What was asked in one turn of a visit, the newest first.
SELECT id, visit, turn, kind, field, state, asked_at, replied_at, mark, wrong FROM asked_citizen
WHERE hall = :hall AND visit = :visit AND turn = :turn ORDER BY position DESC

-- name: asked
-- One thing that was asked.
SELECT id, visit, turn, kind, field, state, asked_at, replied_at, mark, wrong FROM asked_citizen
WHERE hall = :hall AND id = :id

-- name: reply
-- The citizen's answer, to what is still open.
UPDATE asked_citizen SET state = :state, replied_at = :at, mark = :mark, wrong = :wrong, sealed = :sealed
WHERE hall = :hall AND id = :id AND state = 'open' RETURNING id

-- name: signature
-- What the citizen wrote.
SELECT visit, sealed FROM asked_citizen WHERE hall = :hall AND id = :id AND kind = 'sign' AND state = 'signed'

-- name: take_signature
-- Once it goes with the application it need not lie here too.
UPDATE asked_citizen SET state = 'taken', sealed = NULL WHERE hall = :hall AND id = :id AND state = 'signed' RETURNING id

-- name: drop_untaken
-- A signature that no clerk took before the case left the counter belongs nowhere.
UPDATE asked_citizen SET state = 'withdrawn', sealed = NULL WHERE hall = :hall AND state = 'signed'
  AND visit NOT IN (SELECT ticket.visit FROM ticket WHERE ticket.hall = :hall AND ticket.status = 'called')
