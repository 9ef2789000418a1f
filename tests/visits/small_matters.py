"""Matters made for the tests of a visit: each as small as the way of asking that it is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from devices.document import IdentityDocument
from flows.certificate import Certificate
from flows.fields import Choice, Option, PartialDate, fixed_choice
from flows.flow import Fee, FeeLine, Field, Flow, Known, Page, Route
from flows.pages import BIRTH_PLACE, HOUSEHOLD, declaration, is_under, optional_consent, photo, shared_field, who
from flows.pictures import Paper
from flows.resident_number import check_character
from tests.kiosk.fakes import Stage
from tests.kiosk.people import LYU, lookup


def number_of(born: date, sequence: str = "003") -> str:
    first = f"440604{born:%Y%m%d}{sequence}"
    return first + check_character(first)


def card_of(born: date, name: str) -> IdentityDocument:
    return replace(LYU, number=number_of(born), name=name, birth=born)


CHILD_BORN = date(2015, 6, 1)
CHILD = card_of(CHILD_BORN, "吕小满")
SIXTEEN_TODAY = card_of(date(2010, 11, 23), "吕小年")
SIXTEEN_TOMORROW = card_of(date(2010, 11, 24), "吕小月")
SEVENTEEN = card_of(date(2009, 1, 5), "吕小春")

WHO = Page(name="who", title="是谁", fields=(shared_field("name", "person.name"), shared_field("number", "person.number")))
CONTACT = Page(name="contact", title="电话", fields=(shared_field("mobile", "contact.mobile", locked=False),))
PAPER = Page(
    name="paper",
    title="拍下证明",
    fields=(Field(name="paper", label="证明", kind=Paper(what="证明"), may_be_left=True),),
)
MUST_BE_TAKEN = Page(name="must", title="拍下原件", fields=(Field(name="must", label="原件", kind=Paper(what="原件")),))


def _group(known: Known) -> str:
    return "child" if is_under(known, 16) else "adult"


WORKED_OUT = Page(
    name="worked_out",
    title="得出的",
    fields=(
        Field(
            name="group",
            label="年龄",
            kind=fixed_choice(child="未满16岁", adult="已满16岁"),
            locked=True,
            derive=_group,
        ),
        Field(name="since", label="从何时", kind=PartialDate(), required=False),
    ),
)


def _flow(code: str, *pages: Page, **more: object) -> Flow:
    return Flow(code=code, version="3", title=f"试验{code}", pages=pages, **more)  # type: ignore[arg-type]


PORTRAIT = _flow(
    "portrait", CONTACT, photo("exit_entry"), *optional_consent("more", "提醒", "提醒我", "可以提醒", "1"), declaration("属实")
)
BADGE = _flow("badge", CONTACT, photo("exit_entry"), WORKED_OUT)
PAPERS = _flow("papers", PAPER)
ORIGINAL = _flow("original", MUST_BE_TAKEN, CONTACT)


def _alone(known: Known) -> Route:
    return Route.COUNTER if is_under(known, 16) and known.guardian is None else Route.TERMINAL


FOR_CHILD = _flow("for-child", WHO, CONTACT, for_child=True)
ADULTS_ONLY = _flow("adults-only", WHO, CONTACT, route=_alone, needs=("person.birth",))


def _clean(known: Known) -> Certificate | None:
    """The hall has the department's word; the terminal never asks this itself."""
    raise AssertionError("a terminal must not work a certificate out")


PROOF = _flow("proof", WHO, certificate=_clean)

SMALL = {flow.code: flow for flow in (PORTRAIT, BADGE, PAPERS, ORIGINAL, FOR_CHILD, ADULTS_ONLY, PROOF)}


def hall_knows_the_child(stage: Stage) -> None:
    stage.hall.says = lookup(
        changed={"person.number": CHILD.number, "person.name": CHILD.name, "person.birth": CHILD_BORN.isoformat()}
    )


def _offers(known: Known) -> tuple[Option, ...]:
    stay = "每次最多停留 7 天"
    return (
        Option("HK-G-12-2", "个人旅游 一年两次", stay),
        Option("HK-G-12-1", "个人旅游 一年一次", stay),
        Option("HK-T", "探亲", why_not="请到人工窗口办理"),
        Option("HK-S", "商务", why_not="请到人工窗口办理"),
        Option("none", "不去香港"),
    )


def _price(known: Known) -> Fee:
    return Fee((FeeLine("香港 个人旅游 一年两次", 30),), "table") if known["hong_kong"] == "HK-G-12-2" else Fee()


PERMIT_PAGE = Page(
    name="permit",
    title="通行证",
    fields=tuple(
        shared_field(name, f"permit.{item}", may_be_left=True)
        for name, item in (("permit_number", "number"), ("permit_issued", "issued"), ("permit_expiry", "expiry"))
    ),
)
HONG_KONG = Page(
    name="hong_kong",
    title="去香港吗",
    fields=(Field(name="hong_kong", label="香港签注", kind=Choice(_offers, lambda key: key)),),
)
TRAVEL = _flow("travel", who(BIRTH_PLACE), HOUSEHOLD, PERMIT_PAGE, CONTACT, HONG_KONG, fee=_price)
