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
from hall.console import clock, delivery_words, screen_words, staff_words, words
from hall.console.buttons import PRESS, press
from hall.console.language import bracketed, in_chinese, language, listed, place, say, sign
from hall.console.marking import marked
from hall.console.shown import parted
from hall.delivery import MOST_TRIES
from hall.roles import Permission, Role, may
from hall.staff import IDLE
from hall.staff_policy import staff_policy
from hall.store.screens import Asking, Reply
from hall.store.staff import Origin
from hall.working_day import utc_now, working_day

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
    say=say,
    in_chinese=in_chinese,
    listed=listed,
    bracketed=bracketed,
    sign=sign,
    language=language,
    place_of_page=place,
    words=words,
    press=press,
    PRESS=PRESS,
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
    staff_words=staff_words,
    Role=Role,
    Permission=Permission,
    Origin=Origin,
    may=may,
    idle_min=int(IDLE.total_seconds()) // 60,
    lock_after_s=lambda: int(staff_policy(working_day(utc_now())).lock_after.total_seconds()),
)
_TEMPLATES.filters.update(said=say, parted=parted, at_time=clock.at_time, day_and_time=clock.day_and_time, on_day=clock.on_day)


def drawn(template: str, **shown: object) -> str:
    html = _TEMPLATES.get_template(template).render(**shown)
    return html if language() == "zh" else marked(html)


def page(template: str, *, status: int = 200, **shown: object) -> Response[str]:
    return Response(drawn(template, **shown), status_code=status, media_type=MediaType.HTML)
