"""What the matters of residents share: who it is, where the household and the residence permit are, the new home."""

from __future__ import annotations

from datetime import date

from flows import regions
from flows.fields import fixed_choice
from flows.flow import ALWAYS, Field, Known, Page, When
from flows.pages import declaration, months_later, shared_field
from flows.pictures import Paper
from flows.resident_number import ResidentNumber, WrongNumber
from flows.streets import address_pages

ADULT = 16
MOBILE = shared_field("mobile", "contact.mobile", row="联系电话", locked=False, hint="手机号码，或带区号的固定电话")


def person(*more: Field) -> Page:
    """Name and number, as certificates and small forms need them, and no more of the person."""
    return Page(
        name="who",
        title="请核对身份",
        lead="有不对的地方，请在窗口告诉工作人员",
        fields=(
            shared_field("name", "person.name", row="姓名"),
            shared_field("number", "person.number", row="公民身份号码"),
            *more,
        ),
    )


def is_child(known: Known) -> bool:
    """Whether the applicant is under 16, by the number: these matters ask for no day of birth."""
    try:
        return known.today < months_later(ResidentNumber.read(known["number"]).birth, 12 * ADULT)
    except WrongNumber:
        return False


def household_is_here(known: Known) -> bool:
    """Whether the household is registered in the hall's city; False as long as either is unknown."""
    return regions.city(known.record("household.address")) == regions.city_of_region(known.region) != ""


def household_is_elsewhere(known: Known) -> bool:
    home, here = regions.city(known.record("household.address")), regions.city_of_region(known.region)
    return "" not in (home, here) and home != here


def has_permit_here(known: Known) -> bool:
    """Whether the register shows a residence permit of the hall's city; where either city is unknown, a permit counts."""
    city, here = known.record("residence.city").removesuffix("市"), regions.city_of_region(known.region)
    return bool(known.record("residence.number")) and (city == here or "" in (city, here))


def has_no_permit_here(known: Known) -> bool:
    """Whether the register said so; its silence says nothing."""
    return "population" in known.answered and not has_permit_here(known)


def first_day(text: str) -> date | None:
    """The first day that a whole or incomplete date can mean; None when there is none."""
    try:
        return date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return None


PURPOSE = Field(
    name="purpose",
    label="用途",
    kind=fixed_choice(
        HOME="购房或租房", SCHOOL="入学", JOB="求职或入职", HUKOU="落户", LOAN="贷款", COURT="诉讼或公证", OTHER="其他"
    ),
    row="用途",
)


def new_home(asked_when: When = ALWAYS) -> tuple[Page, ...]:
    """Where the person lives now, chosen from the hall's address library; asked once for all matters of a visit."""
    return address_pages("new_home", "新住址", "居住地址", asked_when)


def paper(name: str, what: str, asked_when: When = ALWAYS, document: str = "") -> Page:
    """A proof to keep, of a kind of assets/policy/documents.toml. Whoever has it not here shows it at the counter."""
    return Page(
        name=name,
        title="请拍下证明材料",
        lead="没有带来，可以留给窗口",
        asked_when=asked_when,
        fields=(Field(name=name, label=what, kind=Paper(what, document), row="证明材料", may_be_left=True),),
    )


def signed(statement: str) -> Page:
    """The declaration, on forms that name their box instead of numbering it."""
    return declaration(statement, row="申请人签名")
