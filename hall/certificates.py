"""What the hall issues at once: when it may, under which code, and what the public learns of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from flows.application import Application, Lookup
from flows.certificate import Certificate
from flows.compare import Difference, DifferenceKind, compare
from flows.dispute import Dispute
from flows.flow import Flow, Known, Route
from flows.items import ITEMS

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O and U, which are read and typed as other signs."""

CODE_LENGTH = 16
STOPS = frozenset({DifferenceKind.CONFLICT, DifferenceKind.IN_DOUBT})


@dataclass(frozen=True)
class Issued:
    """One certificate. `name` and `number` are of the person it is about; `ticket` is filled in by the store."""

    visit: str
    code: str
    certificate: Certificate
    name: str
    number: str
    issued_at: datetime
    ticket: str = ""
    revoked_at: datetime | None = None


def certificate_of(flow: Flow, application: Application, lookup: Lookup, known: Known) -> Certificate | None:
    """What can be issued without a clerk: the rules allow it, every department spoke for itself, and no fact that
    stands on it is disputed."""
    if any(source.collected_at for source in lookup.sources):
        return None
    if not flow.issues or application.to_counter or flow.route(known) is Route.COUNTER:
        return None
    certificate = flow.certificate(known)
    if certificate is None or any(_disputed(item, lookup) for item in flow.needs):
        return None
    if any(_is_doubted(flow, certificate, dispute) for dispute in application.disputes.values()):
        return None
    found = [difference for difference in compare(flow, application, lookup) if difference.kind in STOPS]
    return None if any(_stands_on(certificate, difference) for difference in found) else certificate


def _is_doubted(flow: Flow, certificate: Certificate, dispute: Dispute) -> bool:
    """Whether the citizen says that something is wrong which the paper states or rests on."""
    return dispute.item in flow.needs or _shows(certificate, dispute.item, _as_shown(dispute))


def _as_shown(dispute: Dispute) -> str:
    kind = ITEMS[dispute.item].kind
    return kind.shown(kind.normal(dispute.value))


def _stands_on(certificate: Certificate, difference: Difference) -> bool:
    return _shows(certificate, difference.item, difference.answer, difference.record)


def _shows(certificate: Certificate, item: str, *values: str) -> bool:
    """Whether the paper shows one of these; whose paper it is must be sure in any case."""
    cells = [cell for row in (*certificate.rows, *certificate.table) for cell in row]
    said = "\n".join((certificate.statement, *cells, *certificate.notes))
    return item.startswith("person.") or any(value and value in said for value in values)


def _disputed(item: str, lookup: Lookup) -> bool:
    """A record that no field shows, so that no comparison sees it: in doubt, or not the same everywhere."""
    records = lookup.records(item)
    values = {ITEMS[item].kind.normal(record.value) for record in records if record.value.strip()}
    return len(values) > 1 or any(record.doubt for record in records)


def new_code() -> str:
    """80 bits of chance: nobody finds another's paper by trying."""
    return "".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH))


def read_code(text: str) -> str:
    """A code as somebody typed it, "" when it cannot be one."""
    typed = text.upper().translate(str.maketrans("OIL", "011", " -"))
    return typed if len(typed) == CODE_LENGTH and set(typed) <= set(SIGNS) else ""
