"""户籍证明: what the household register shows and neither the identity card nor the household book does."""

from __future__ import annotations

from dataclasses import dataclass

from flows.certificate import Certificate
from flows.fields import Choice, Option, ResidentId, fixed_choice
from flows.flow import Field, Flow, Known, Page, Route, When
from flows.items import ITEMS
from flows.pages import AT_THE_COUNTER, shared_field
from flows.residents import PURPOSE, household_is_here, is_child, person

PROOFS = {
    "MOVED": "迁入迁出",
    "FORMER_NAME": "曾用名",
    "RELATION": "与户主的关系",
    "CHANGED": "出生日期等项目更正",
    "CANCELLED": "户口注销",
    "SHOWN": "姓名、出生日期、住址",
}
SUBJECTS = {"SELF": "本人", "MEMBER": "同户的家人", "OTHER": "不同户的亲属"}
SHOWN_BY = {
    "MOVED": ("household.moved_in", "household.moved_from"),
    "FORMER_NAME": ("person.former_name",),
    "RELATION": ("household.number", "household.relation"),
}
"""The records that state each proof. Of the others the archive has the papers, and a clerk looks there."""

ALWAYS_SHOWN = ("household.address", "household.police_station")


def proofs(known: Known) -> tuple[Option, ...]:
    """A fact that the card shows needs no certificate, and that is said here already."""
    by_a_clerk = "由窗口查档"
    return (
        Option("MOVED", PROOFS["MOVED"], "", _nothing(known, "MOVED", "户口登记里没有迁移"), counter=True),
        Option("FORMER_NAME", PROOFS["FORMER_NAME"], "", _nothing(known, "FORMER_NAME", "户口登记里没有曾用名"), counter=True),
        Option("RELATION", PROOFS["RELATION"], "不同户的亲属关系由窗口办理"),
        Option("CHANGED", PROOFS["CHANGED"], by_a_clerk),
        Option("CANCELLED", PROOFS["CANCELLED"], by_a_clerk),
        Option("SHOWN", PROOFS["SHOWN"], "", "身份证、户口簿上已有，不需要开证明"),
    )


def subjects(known: Known) -> tuple[Option, ...]:
    return (
        Option("SELF", SUBJECTS["SELF"]),
        Option("MEMBER", SUBJECTS["MEMBER"], "由窗口核对户口簿"),
        Option("OTHER", SUBJECTS["OTHER"], "", AT_THE_COUNTER, counter=True),
    )


def certificate(known: Known) -> Certificate | None:
    """For oneself, when the register of this city has it, undoubted; for anybody else a clerk looks into the book."""
    items = SHOWN_BY.get(known["proof"], ())
    stated = {"person.name", "person.number", *ALWAYS_SHOWN, *items}
    sure = all(known.record(item) for item in (*ALWAYS_SHOWN, *items)) and not stated & (known.doubted | known.differing)
    if not items or not sure or known["subject"] != "SELF" or is_child(known) or not household_is_here(known):
        return None
    return Certificate(
        title="户籍证明",
        statement="根据常住人口登记资料，现证明下列情况属实。",
        issuer="household",
        rows=(
            ("姓名", known["name"]),
            ("公民身份号码", known["number"]),
            *((ITEMS[item].title, ITEMS[item].kind.shown(known.record(item))) for item in (*ALWAYS_SHOWN, *items)),
            ("用途", PURPOSE.kind.shown(known["purpose"])),
        ),
    )


def route(known: Known) -> Route:
    return Route.COUNTER if is_child(known) else Route.TERMINAL


@dataclass(frozen=True)
class SomebodyElse(ResidentId):
    """The number of another person."""

    def mistake(self, value: str, known: Known) -> str:
        return super().mistake(value, known) or ("这是您自己的号码" if value == known["number"] else "")


def _nothing(known: Known, proof: str, words: str) -> str:
    """Only a register that answered can have nothing of the kind."""
    return words if "household" in known.answered and not all(known.record(i) for i in SHOWN_BY[proof]) else ""


def _proves(proof: str) -> When:
    return When(PROOFS[proof], lambda known: known["proof"] == proof and known["subject"] == "SELF")


def _record_page(proof: str, lead: str = "") -> Page:
    """What the register says of it: a value that is not there is left to the clerk."""
    fields = tuple(
        shared_field(item.replace(".", "_"), item, row=ITEMS[item].title, may_be_left=True) for item in SHOWN_BY[proof]
    )
    return Page(name=proof.lower(), title=PROOFS[proof], lead=lead, asked_when=_proves(proof), fields=fields)


PROOF = Page(
    name="proof",
    title="要证明什么",
    fields=(Field(name="proof", label="证明内容", kind=Choice(proofs, lambda key: PROOFS.get(key, key)), row="证明内容"),),
)
SUBJECT = Page(
    name="subject",
    title="证明谁的情况",
    fields=(Field(name="subject", label="证明对象", kind=Choice(subjects, lambda key: SUBJECTS.get(key, key)), row="证明对象"),),
)
MEMBER = Page(
    name="member",
    title="同户的哪一位家人",
    lead="号码在户口簿上",
    asked_when=When("同户的家人", lambda known: known["subject"] == "MEMBER"),
    fields=(
        Field(name="member_number", label="家人的公民身份号码", kind=SomebodyElse(), row="证明对象", may_be_left=True),
        Field(
            name="member_is",
            label="家人是本人的",
            kind=fixed_choice(SPOUSE="配偶", CHILD="子女", PARENT="父母", OTHER="其他"),
            row="与本人关系",
        ),
    ),
)
WHY = Page(name="purpose", title="用来做什么", lead="用途会印在证明上", fields=(PURPOSE,))

FLOW = Flow(
    code="household-extract",
    version="1",
    title="户籍证明",
    summary="迁移、曾用名等，当场打印",
    pages=(
        PROOF,
        SUBJECT,
        person(
            shared_field("address", "household.address", row="户籍地址", may_be_left=True),
            shared_field("police_station", "household.police_station", row="派出所", may_be_left=True),
        ),
        _record_page("MOVED"),
        _record_page("FORMER_NAME"),
        _record_page("RELATION"),
        MEMBER,
        WHY,
    ),
    bring=("居民身份证", "户口簿"),
    route=route,
    certificate=certificate,
)
