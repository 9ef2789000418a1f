"""监护人: who acts for a child under 16, and whether the household register already shows it."""

from __future__ import annotations

from dataclasses import replace

from flows.fields import Phone, fixed_choice
from flows.flow import Field, Known, Page, When
from flows.pages import shared_field

HEADS = frozenset({"01", "02"})
SPOUSES = frozenset({"10", "11", "12"})
CHILDREN = frozenset({"20", "21", "22", "23", "30", "31", "32", "33"})
PARENTS = frozenset({"50", "51", "52"})
"""与户主关系, codes of GB/T 4761."""

HAS_GUARDIAN = When("监护人代未满16岁的孩子办理时", lambda known: known.guardian is not None)

NEEDS = ("household.number", "household.relation", "guardian.household_number", "guardian.household_relation")
"""Items that prove a guardian; the flow that asks GUARDIAN declares them."""


def is_proven(known: Known) -> bool:
    """Whether one household register shows the guardian as a parent: then no paper is asked for."""
    home = known.record("household.number")
    if not home or home != known.record("guardian.household_number"):
        return False
    child, guardian = known.record("household.relation"), known.record("guardian.household_relation")
    if child in CHILDREN:
        return guardian in HEADS | SPOUSES
    return child in HEADS and guardian in PARENTS


def relation(known: Known) -> str:
    """What the register shows, "" when the guardian has to say it."""
    if known.guardian is None or not is_proven(known):
        return ""
    return {"1": "FATHER", "2": "MOTHER"}.get(known.guardian.sex, "")


def proof(known: Known) -> str:
    return "REGISTER" if is_proven(known) else "PAPER"


GUARDIAN = Page(
    name="guardian",
    title="监护人",
    lead="是否采集孩子的指纹，由监护人在窗口决定",
    asked_when=HAS_GUARDIAN,
    fields=(
        replace(shared_field("guardian_name", "guardian.name", row="33"), required=False),
        shared_field("guardian_number", "guardian.number", row="33"),
        Field(
            name="guardian_relation",
            label="监护人是孩子的",
            kind=fixed_choice(FATHER="父亲", MOTHER="母亲", OTHER="其他监护人"),
            locked=True,
            derive=relation,
            row="33",
        ),
        Field(
            name="guardian_proof",
            label="监护关系",
            kind=fixed_choice(REGISTER="户籍登记已有记录", PAPER="请带监护关系证明到窗口"),
            locked=True,
            derive=proof,
            row="33",
        ),
        Field(name="guardian_phone", label="监护人电话", kind=Phone(), row="33", shares="guardian.phone"),
    ),
)
