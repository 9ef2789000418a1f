"""Draws the console's pages from templates; autoescaped, and a name that is missing is an error."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response

from flows.application import Action, Outcome, SourceKind, Status
from flows.certificate import grouped
from flows.correction import MOST_EVIDENCE, CorrectionState
from flows.delivery import Delivery, DeliveryStep
from flows.dispute import DISPUTE_REASONS, SETTLEMENTS
from flows.reasons import reasons
from hall.console import clock, delivery_words, screen_words, words
from hall.delivery import MOST_TRIES
from hall.store.screens import Asking, Reply

STATIC = Path(__file__).parent / "static"


def approvals_of(deliveries: Iterable[Delivery]) -> list[DeliveryStep]:
    """What each department that has to agree said so far."""
    return [step for delivery in deliveries for step in delivery.steps if step.name == "approval"]


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals.update(
    Action=Action,
    Outcome=Outcome,
    Status=Status,
    SourceKind=SourceKind,
    words=words,
    screen_words=screen_words,
    Asking=Asking,
    Reply=Reply,
    delivery_words=delivery_words,
    reasons=reasons,
    fresh_key=lambda: str(uuid4()),
    most_tries=MOST_TRIES,
    grouped=grouped,
    approvals_of=approvals_of,
    CorrectionState=CorrectionState,
    dispute_reasons=tuple(DISPUTE_REASONS.values()),
    settlements=tuple(one for one in SETTLEMENTS.values() if one.offered),
    most_evidence=MOST_EVIDENCE,
)
_TEMPLATES.filters.update(at_time=clock.at_time, day_and_time=clock.day_and_time, on_day=clock.on_day)


def drawn(template: str, **shown: object) -> str:
    return _TEMPLATES.get_template(template).render(**shown)


def page(template: str, *, status: int = 200, **shown: object) -> Response[str]:
    return Response(drawn(template, **shown), status_code=status, media_type=MediaType.HTML)
