-- Appointments: a person comes for a matter at a slot.

-- name: add_appointment
-- One that was not booked under this id or reference yet; a person has one a day and matter.
INSERT INTO appointment (hall, appointment, day, slot, matter, person, state, visit, booked_by, reference, sealed)
VALUES (:hall, :appointment, :day, :slot, :matter, :person, 'booked', '', :booked_by, :reference, :sealed)
ON CONFLICT DO NOTHING RETURNING appointment

-- name: appointment
-- One appointment.
SELECT appointment, day, slot, matter, state, visit, booked_by, reference, sealed FROM appointment
WHERE hall = :hall AND appointment = :appointment

-- name: appointment_by_reference
-- The one that a booking system sent before.
SELECT day, slot, matter, person, state FROM appointment WHERE hall = :hall AND reference = :reference AND reference <> ''

-- name: appointments_of
-- The day's appointments in order.
SELECT appointment, day, slot, matter, state, visit, booked_by, reference, sealed FROM appointment
WHERE hall = :hall AND day = :day ORDER BY slot, appointment LIMIT :most

-- name: appointment_of
-- A person's appointment for a matter on a day.
SELECT appointment, day, slot, matter, state, visit, booked_by, reference, sealed FROM appointment
WHERE hall = :hall AND person = :person AND matter = :matter AND day = :day AND state = 'booked'

-- name: move_appointment
-- Taken, too late, or cancelled: only what is booked can become so.
UPDATE appointment SET state = :after, visit = :visit WHERE hall = :hall AND appointment = :appointment AND state = 'booked'
RETURNING appointment

-- name: miss_appointments
-- Nobody came on the day.
UPDATE appointment SET state = 'missed' WHERE hall = :hall AND day < :day AND state = 'booked' RETURNING appointment
