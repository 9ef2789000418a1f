"""Matters with pictures and what a citizen hands in for them, for the stories of kept documents."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import wraps
from typing import Any, ParamSpec

from PIL import Image

from flows.application import Application, Attached, Identity
from flows.flow import Field, Flow, Matters, Page
from flows.fold import Given, fold, named, start
from flows.kept import Offer, answers_of
from flows.pages import CONTACT, declaration, photo
from flows.pictures import Paper
from flows.residents import paper
from flows.wire import Submitted, VisitOpened
from hall.by import By
from hall.document_desk import CaseDocuments, DocumentDesk
from hall.documents import Documents
from hall.working_day import working_day
from tests.hall.fakes import AT_ONCE, ME, Hall, visit_id

PERMIT = Flow(code="permit", version="1", title="办理通行证", pages=(CONTACT, photo("exit_entry"), declaration("以上内容真实")))
BADGE = Flow(code="badge", version="1", title="办理护照", pages=(photo("exit_entry"),))
CARD = Flow(code="card", version="1", title="换领身份证", pages=(photo("resident_card"),))
CONSENT = Field(name="letter", label="同意函", kind=Paper("同意函", "consent_letter"))
LETTER = Page(name="letter", title="同意函", fields=(CONSENT,))
HOME = paper("home_paper", "租赁合同或房产证", document="home_proof")
# Codes of matters that the policy lists what their counter wants of.
STAY = Flow(code="residence-permit", version="1", title="申领居住证", pages=(HOME, LETTER))
MOVE = Flow(code="moving-house", version="1", title="搬家", pages=(HOME,))
TRAVEL = Flow(code="passport", version="1", title="办理护照", pages=(CONTACT,), for_child=True)
PICTURED = Matters([PERMIT, BADGE, CARD, STAY, MOVE, TRAVEL, AT_ONCE])
ZHANG = By("zhang", "3")


def picture(colour: str, kind: str = "JPEG", size: tuple[int, int] = (354, 472)) -> Attached:
    drawn = io.BytesIO()
    Image.new("RGB", size, colour).save(drawn, kind)
    return Attached(f"image/{kind.lower()}", drawn.getvalue())


FACE, SIGNED, LEASE = picture("#7d93a8"), picture("#ffffff", "PNG", (600, 200)), picture("#e8e0d0", size=(900, 1200))
GIVEN = {"photo": FACE, "signature": SIGNED, "home_paper": LEASE, "letter": picture("#d0e8e0")}


P = ParamSpec("P")


def story(told: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """A test that is told as a coroutine."""

    @wraps(told)
    def play(*args: P.args, **more: P.kwargs) -> None:
        asyncio.run(told(*args, **more))

    return play


async def opened(hall: Hall, number: int, flow: Flow, identity: Identity = ME) -> VisitOpened:
    return await hall.open(visit_id(number), "K07", flow.code, identity)


def handed_in(
    hall: Hall,
    number: int,
    flow: Flow,
    said: VisitOpened,
    identity: Identity = ME,
    agreed: tuple[Attached, ...] = (),
    taken: tuple[Offer, ...] = (),
    given: dict[str, Attached] = GIVEN,
) -> Application:
    """What a citizen submits who was shown `said`; `agreed` may be kept, `taken` answers by what is kept."""
    known = replace(start(flow, identity, said.lookup, working_day(hall.clock())), kept=answers_of(said.kept))
    pictures = {name: one for name, one in given.items() if name in flow.fields}
    values = {name: one.digest for name, one in pictures.items()} | {offer.field: offer.digest for offer in taken}
    attached = {one.digest: one for one in (*pictures.values(), *GIVEN.values())}
    pages = {}
    for page in flow.pages:
        here = {f.name: values.get(f.name, "13900139000") for f in page.fields if f.name in values or f.name == "mobile"}
        left = frozenset(f.name for f in page.fields if f.may_be_left and f.name not in here)
        pages[page.name] = Given(here, left, {v: attached[v] for v in here.values() if v in attached})
    answers = fold(flow, known, pages).known.answers
    return Application(
        visit_id(number),
        flow.code,
        flow.version,
        "",
        identity,
        answers,
        hall.clock(),
        attached=named(attached, answers),
        agreed=tuple(sorted(one.digest for one in agreed)),
    )


async def submitted(
    hall: Hall,
    number: int,
    flow: Flow,
    identity: Identity = ME,
    agreed: tuple[Attached, ...] = (),
    given: dict[str, Attached] = GIVEN,
    *,
    take: bool = False,
) -> Submitted:
    """A whole visit; `take`: everything on offer is taken."""
    said = await opened(hall, number, flow, identity)
    application = handed_in(hall, number, flow, said, identity, agreed, said.kept if take else (), given)
    return await hall.visits.submit(visit_id(number), "K07", application)


async def at_the_counter(
    hall: Hall,
    number: int,
    flow: Flow,
    identity: Identity = ME,
    agreed: tuple[Attached, ...] = (),
    given: dict[str, Attached] = GIVEN,
) -> str:
    await submitted(hall, number, flow, identity, agreed, given)
    visit = await hall.queue.call_next("3", "zhang", f"call {number}")
    assert visit == visit_id(number)
    return visit


def documents(hall: Hall) -> Documents:
    return Documents(hall.store, hall.clock)


def counter(hall: Hall) -> DocumentDesk:
    return DocumentDesk(hall.store, hall.desk, hall.clock, matters=hall.matters)


async def case_documents(hall: Hall, visit: str) -> CaseDocuments:
    return await counter(hall).of_case(visit, "3")


def by(key: str) -> By:
    return replace(ZHANG, key=key)
