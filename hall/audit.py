"""The audit: what the hall did, who asked, about whom; names of items, never a value.

Each line's hash covers the line before, so a changed, missing or added line is found. The newest hash belongs on paper outside
the hall every evening.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flows.application import Action


@dataclass(frozen=True)
class AuditEvent:
    """One line of the audit. `object` is a visit or a ticket; `items` are names, never values."""

    number: int
    at: datetime
    event: str
    actor: str
    object: str
    items: tuple[str, ...]
    outcome: str
    hash: str


EVENTS: Mapping[str, str] = {
    "visit_opened": "A citizen laid a card at a terminal, or a clerk typed the number; the departments were asked",
    "visit_left": "A citizen left without submitting, or a clerk gave it up; the records were dropped",
    "records_asked": "A department was asked for items of a person's record; outcome names it, and from_library when it was "
    "silent and what was collected from it was read",
    "usage_shown": "A person, whose card lay at a terminal, was shown who read their records",
    "department_checked": "An engineer proved a department's connection with a look-up that concerns nobody",
    "application_refused": "A submitted application was not taken; outcome names the codes",
    "ticket_issued": "An application was submitted and has a number",
    "ticket_replaced": "The same person submitted the same matter again; the application that still waited is void",
    "certificate_issued": "The hall issued a certificate at once; the matter is done",
    "certificate_shown": "A certificate or another paper of a case was given out: to the terminal, or to the clerk who has "
    "the case; outcome says which paper",
    "certificate_revoked": "A clerk's decision made a certificate worth nothing",
    "ticket_called": "A clerk called a ticket to a window",
    "ticket_recalled": "A clerk called the same ticket again",
    "ticket_missed": "Nobody came to the window",
    "ticket_requeued": "A ticket went back into the line",
    "ticket_held": "A clerk let the person fetch something; the ticket keeps its place",
    "ticket_resumed": "Who was held is back at a window",
    "ticket_passed_on": "A ticket went to another window or to those with a skill; outcome says why",
    "ticket_taken": "A window took the next matter of the person it had served last",
    "ticket_put_forward": "A ticket was put forward by a ground of law, or no more; outcome is the ground",
    "ticket_closed": "The day ended before the ticket was called",
    "ticket_carried": "The day ended; the ticket goes on waiting in another day's line",
    "appointment_booked": "A person got an appointment; outcome is the matter",
    "appointment_cancelled": "An appointment was cancelled",
    "appointment_kept": "Somebody came for an appointment; outcome says whether in time",
    "appointments_shown": "A clerk saw who has an appointment on a day",
    "case_opened": "A clerk opened a case and saw the person's records",
    "case_amended": "A clerk changed answers; items names them",
    "case_confirmed": "A clerk accepted the application (受理)",
    "confirmation_held": "An acceptance was held back: what items name was not so on the clerk's page",
    "case_returned": "A clerk gave the application back to be completed (补正)",
    "case_rejected": "A clerk did not accept the application (不予受理)",
    "case_accepted_lacking": "A clerk accepted the application while secondary papers are promised (容缺受理)",
    "case_proposed": "A clerk wants it accepted; a second person has to agree (待复核)",
    "case_second_accepted": "A second person agreed: the application is accepted (复核通过，受理)",
    "case_sent_back": "A second person did not agree; outcome holds the reasons (复核退回)",
    "case_taken_up": "A window took up what a second person had sent back",
    "paper_brought": "A promised paper was brought; items names it (补齐)",
    "promise_followed_up": "Something was done about a promise that was not kept; outcome says what",
    "delivery_step_done": "A step of the delivery to a department succeeded; items names the step",
    "delivery_step_failed": "A step of the delivery failed and is tried again",
    "delivery_done": "A department has the outcome and gave its own number",
    "delivery_dead": "A step failed so often that a person must look; outcome names department and problem",
    "delivery_resent": "A person had a delivery sent again with a fresh budget of tries",
    "delivery_reopened": "A department had lost what it had accepted: it is sent again from the beginning",
    "delivery_exported": "An application was taken out as a file, to be carried to a department; outcome names it and the seal",
    "delivery_by_hand": "A person carried the application to the department and wrote down its number",
    "delivery_numbered_twice": "A department gave a second number for what it had accepted; the first one stays",
    "department_decided": "A department agreed or refused; outcome names both",
    "case_approved": "Every department concerned agreed (准予)",
    "case_refused": "A department refused (不予许可); the others are told",
    "case_making": "A department makes the document (制证中)",
    "case_ready": "The document can be collected (待领取)",
    "case_delivered": "The document was collected or posted (已领取, 已寄出)",
    "progress_heard": "A department said how far its case is; outcome names both",
    "reconciliation_asked": "A person had everything compared once more",
    "reconciled": "What a department has was compared with what it was sent; outcome holds the counts",
    "correction_opened": "A department's record was said to be wrong; items names it, outcome department and reason",
    "correction_evidence": "A picture was added that goes with a correction request",
    "correction_sent": "The record's owner is asked to look into it",
    "correction_settled": "A dispute was settled, so that its owner need not be asked",
    "correction_by_hand": "A person takes a correction request to the department",
    "correction_shown": "A clerk opened a correction request with its values",
    "correction_answered": "The owner corrected the record, upheld it, or wants more papers; outcome says which",
    "correction_told": "The person read the owner's answer at a terminal",
    "screen_opened": "A clerk opened the citizen's screen of a window",
    "screen_read": "A citizen chose language or letter size there; only pages are told",
    "citizen_asked": "A clerk asked the citizen at the window to look the answers over or to sign, or did so no more",
    "citizen_answered": "The citizen answered at the screen of the window; items names what was pointed at or signed",
    "rating_given": "The citizen rated how they were served (好差评); which grade stands nowhere beside it",
    "call_back_shown": "A supervisor opened a low rating that is followed up, with whom to call where that was wished",
    "call_back_closed": "A low rating was followed up; outcome says with what result",
    "hand_over_made": "A clerk went on to a department's own system at this case; outcome names the department",
    "staff_added": "An account was added for somebody of the staff; items are the roles",
    "staff_roles_set": "Somebody's roles were changed; items are those from now on",
    "staff_disabled": "An account was shut, and its sessions ended",
    "staff_enabled": "A shut account was opened again",
    "staff_password_set": "Somebody else gave an account a new password, to be changed at the first log-in",
    "staff_password_chosen": "Somebody chose a password of their own",
    "second_factor_enrolled": "A telephone was enrolled as second factor, and recovery codes were printed",
    "second_factor_reset": "A second factor was taken back; the next log-in enrols anew",
    "recovery_code_used": "A recovery code stood in for the telephone",
    "staff_logged_in": "Somebody logged in; outcome is the window, empty without one",
    "staff_log_in_refused": "A wrong name, password or code at a window",
    "staff_log_in_barred": "A log-in was refused unread: too many wrong tries for the name or the window",
    "staff_logged_out": "Somebody logged out",
    "staff_session_ended": "A session ended by itself or by somebody else; items say why",
    "staff_locked": "A window was locked: nothing is shown until its clerk is back",
    "staff_unlocked": "A locked window was opened again by its clerk",
    "staff_not_permitted": "Somebody asked for what their roles do not allow; outcome names it",
    "audit_exported": "An auditor took the audit out as a file",
    "document_kept": "A document was kept, or given again for another case; items names its kind, outcome on what ground",
    "document_original_seen": "A clerk saw the original of a kept document",
    "document_shown": "A kept document was looked at: by its person at a terminal, or by the clerk who has a case",
    "document_reused": "A kept document went with another case of the same person",
    "document_withdrawn": "A person took the consent back; outcome case: the paper stays with its case alone",
    "document_destroyed": "A kept document was destroyed: its time was over",
    "terminal_enrolled": "A terminal is given a certificate",
    "terminal_revoked": "A terminal's certificates are taken back",
    "library_collected": "A department's register was collected into a base library (归集); outcome holds the counts",
    "library_given": "Another hall collected entries of a base library; items names what it got, outcome how many",
    "library_refused": "Another hall asked a base library for what it is not granted",
    "library_cleared": "What was collected of a department was struck off: it grew too old, or is collected no more",
    "peer_enrolled": "Another hall is given a certificate",
    "peer_revoked": "Another hall's certificates are taken back",
}
"""The catalogue: every code that may stand in the audit or among the pages' events."""

ACTION_EVENTS: Mapping[Action, str] = {
    Action.CALL: "ticket_called",
    Action.RECALL: "ticket_recalled",
    Action.MISS: "ticket_missed",
    Action.REQUEUE: "ticket_requeued",
    Action.HOLD: "ticket_held",
    Action.RESUME: "ticket_resumed",
    Action.PASS_ON: "ticket_passed_on",
    Action.TAKE: "ticket_taken",
    Action.PRIORITY: "ticket_put_forward",
    Action.CLOSE: "ticket_closed",
    Action.AMEND: "case_amended",
    Action.CONFIRM: "case_confirmed",
    Action.RETURN: "case_returned",
    Action.REJECT: "case_rejected",
    Action.ACCEPT_LACKING: "case_accepted_lacking",
    Action.PROPOSE: "case_proposed",
    Action.APPROVE: "case_second_accepted",
    Action.SEND_BACK: "case_sent_back",
    Action.TAKE_UP: "case_taken_up",
    Action.BRING: "paper_brought",
    Action.FOLLOW_UP: "promise_followed_up",
}

START = "0" * 64
"""What the first line is chained to."""


def chained(previous: str, line: AuditEvent) -> str:
    """The hash of a line, over everything in it and the hash before."""
    parts = [previous, line.number, line.at.isoformat(timespec="microseconds"), line.event, line.actor, line.object]
    text = json.dumps([*parts, list(line.items), line.outcome], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Chain:
    """A chain as it is followed from its first line. `lines` were followed, `hash` is that of the last one; `broken`: the
    number of the first line that was changed, is missing or does not belong, None as long as there is none."""

    lines: int = 0
    hash: str = START
    broken: int | None = None

    def follow(self, lines: Iterable[AuditEvent]) -> None:
        """The lines after those that were followed. Behind a broken one they are only counted."""
        for line in lines:
            if self.broken is None and line.number != self.lines + 1:
                self.broken = self.lines + 1
            elif self.broken is None and line.hash != chained(self.hash, line):
                self.broken = line.number
            self.lines, self.hash = self.lines + 1, line.hash

    def reach(self, newest: int) -> None:
        """The store's newest line has this number: fewer than were there once are too few."""
        if self.broken is None and newest < self.lines:
            self.broken = newest + 1
