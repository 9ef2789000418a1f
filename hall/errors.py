"""What the hall refuses, and why.

HallError
├── NotKnown            no such visit, ticket, window or matter
├── NotAllowed          this person or terminal may not do it
├── NotPossible         the table of actions does not allow it now (it carries the present status)
├── CorrectionMoved     the same of a dispute about a record
├── DisputedAlready     this record is disputed in this case already
├── TooMuchEvidence     a dispute has as many pictures as may go with it
├── AnotherApplication  the same visit was submitted with other contents
├── AnotherRequest      the same key was used for something else
├── FormNotUnderstood   a form that is none of the console's
├── VersionNotKnown     the terminal's version of a matter was never this hall's
├── NotTaken            the recheck found problems
├── TooOld              what was collected is too old to be told
├── NotSeen             records or the application changed after the clerk's page was drawn
├── SamePerson          nobody is their own second person
├── NotFree             the window holds another ticket
├── TooManyTries        wrong passwords; log-ins rest until a time
└── AuditUnavailable    the audit cannot be kept, so nothing is done
"""

from __future__ import annotations

from datetime import datetime
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

    code = "too_many_tries"
    http = 429

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class AuditUnavailable(HallError):
    """The audit cannot be kept, so the hall does nothing."""

    code = "audit_unavailable"
    http = 503
