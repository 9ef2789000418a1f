"""What the hall refuses, and why.

HallError
├── NotKnown            no such visit, ticket, window or matter
├── NotAllowed          this person or terminal may not do it
├── NotPossible         the table of actions does not allow it now (it carries the present status)
├── WindowBusy          the window has another ticket before it
├── AppointmentMoved    an appointment was kept, cancelled or missed meanwhile
├── AppointmentTaken    the person has one for that matter and day, or its reference is another's
├── SlotWrong           an appointment cannot be made so (it carries what is wrong)
├── CorrectionMoved     the same of a dispute about a record
├── DisputedAlready     this record is disputed in this case already
├── DocumentUnreadable  a kept document's key is lost, or it is damaged
├── TooMuchEvidence     a dispute has as many pictures as may go with it
├── AnotherApplication  the same visit was submitted with other contents
├── AnotherRequest      the same key was used for something else
├── FormNotUnderstood   a form that is none of the console's
├── VersionNotKnown     the terminal's version of a matter was never this hall's
├── NotTaken            the recheck found problems
├── TooOld              what was collected is too old to be told
├── NotSeen             records or the application changed after the clerk's page was drawn
├── ScreenMoved         the citizen's screen was about somebody or something else than the window is now
├── RatedAlready        there is one rating for each time somebody is served
├── DraftMoved          what is filled in at the counter was saved from another page, or is gone
├── WindowTaken         the window has a ticket already
├── AtAnotherWindow     the same matter of the same person is being dealt with at another window
├── DeliveryMoved       a delivery is no dead letter any more
├── NumberTaken         a department's number belongs to another case
├── AcceptedAlready     the department has it under another number
├── SamePerson          nobody is their own second person
├── NotFree             the window holds another ticket
├── TooManyTries        wrong passwords; log-ins rest until a time
└── AuditUnavailable    the audit cannot be kept, so nothing is done
"""

from __future__ import annotations

from typing import ClassVar

from flows.application import Status
from flows.correction import CorrectionState
from flows.recheck import Problem


class HallError(Exception):
    """The hall refused a request."""

    code: ClassVar[str] = "refused"
    http: ClassVar[int] = 400

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class NotKnown(HallError):
    """There is no such visit, ticket, window or matter."""

    code = "not_known"
    http = 404


class NotAllowed(HallError):
    """This person or terminal may not do that."""

    code = "not_allowed"
    http = 403


class NotPossible(HallError):
    """The case has moved on; this action is not possible any more."""

    code = "not_possible"
    http = 409

    def __init__(self, status: Status) -> None:
        super().__init__()
        self.status = status


class WindowBusy(HallError):
    """This window has another ticket before it; a window never holds two."""

    code = "window_busy"
    http = 409


class AppointmentMoved(HallError):
    """The appointment was kept, cancelled or missed meanwhile."""

    code = "appointment_moved"
    http = 409


class AppointmentTaken(HallError):
    """This person has an appointment for this matter on that day already, or its reference is another's."""

    code = "appointment_taken"
    http = 409

    def __init__(self, appointment: str) -> None:
        super().__init__()
        self.appointment = appointment


class SlotWrong(HallError):
    """An appointment cannot be made so; it carries a code of what is wrong."""

    code = "slot_wrong"
    http = 422

    def __init__(self, problem: str) -> None:
        super().__init__()
        self.problem = problem


class CorrectionMoved(HallError):
    """The dispute has moved on; this action is not possible any more."""

    code = "correction_moved"
    http = 409

    def __init__(self, state: CorrectionState) -> None:
        super().__init__()
        self.state = state


class DisputedAlready(HallError):
    """This record is disputed in this case already."""

    code = "disputed_already"
    http = 409


class TooMuchEvidence(HallError):
    """As many pictures as may go with a dispute are there already."""

    code = "too_much_evidence"
    http = 409


class DocumentUnreadable(HallError):
    """This kept document cannot be read any more: its key is lost, or it is damaged."""

    code = "document_unreadable"
    http = 409


class AnotherApplication(HallError):
    """The same visit was already submitted with other contents."""

    code = "another_application"
    http = 409


class AnotherRequest(HallError):
    """This key was already used for another request."""

    code = "another_request"
    http = 409


class FormNotUnderstood(HallError):
    """The form is not one of this console's."""

    code = "not_understood"


class VersionNotKnown(HallError):
    """This hall has never had that version of the matter."""

    code = "version_not_known"
    http = 409


class NotTaken(HallError):
    """The application does not follow the rules of its matter or differs from the records."""

    code = "not_taken"
    http = 422

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__()
        self.problems = problems


class TooOld(HallError):
    """What this hall collected is too old to be told, or not whole yet."""

    code = "too_old"
    http = 503


class NotSeen(HallError):
    """Something that this decision would rest on was not on the clerk's page; nothing is decided."""

    code = "not_seen"
    http = 409


class ScreenMoved(HallError):
    """The window has moved on; what this screen was about is not asked any more."""

    code = "screen_moved"
    http = 409


class SamePerson(HallError):
    """Whoever amended or proposed a case is not its second person."""

    code = "same_person"
    http = 403


class NotFree(HallError):
    """The window holds another ticket."""

    code = "not_free"
    http = 409


class TooManyTries(HallError):
    """Wrong passwords came too often for this name or window; log-ins rest for a while."""

    code = "screen_moved"
    http = 409


class RatedAlready(HallError):
    """This citizen has rated already."""

    code = "rated_already"
    http = 409


class DraftMoved(HallError):
    """What this page would save was changed from another page, or is not open any more."""

    code = "draft_moved"
    http = 409


class WindowTaken(HallError):
    """This window has a ticket already; nothing was submitted."""

    code = "window_taken"
    http = 409


class AtAnotherWindow(HallError):
    """The same matter of the same person is at another window; nothing was submitted."""

    code = "at_another_window"
    http = 409

    def __init__(self, number: str, window: str) -> None:
        super().__init__()
        self.number = number
        self.window = window


class DeliveryMoved(HallError):
    """This delivery is not given up any more; it goes its way by itself."""

    code = "delivery_moved"


class NumberTaken(HallError):
    """The department gave this number to another case."""

    code = "number_taken"


class AcceptedAlready(HallError):
    """The department has this case already, under another number."""

    code = "accepted_already"

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number


class AuditUnavailable(HallError):
    """The audit cannot be kept, so the hall does nothing."""

    code = "audit_unavailable"
    http = 503
