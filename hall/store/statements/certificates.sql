-- What the hall issued by itself.

-- name: add_certificate
-- A paper that the hall itself answers for.
INSERT INTO certificate (hall, visit, found, sealed, revoked_at) VALUES (:hall, :visit, :found, :sealed, NULL)

-- name: certificate
-- The certificate of a visit.
SELECT visit, sealed, revoked_at FROM certificate WHERE hall = :hall AND visit = :visit

-- name: certificate_found
-- The certificate with a verification code, by the code's blind index.
SELECT visit, sealed, revoked_at FROM certificate WHERE hall = :hall AND found = :found

-- name: revoke_certificate
-- The paper is worth nothing from now on.
UPDATE certificate SET revoked_at = :at WHERE hall = :hall AND visit = :visit AND revoked_at IS NULL RETURNING visit
