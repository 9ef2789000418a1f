"""The pages of an endorsement: where to, as what, what that kind wants to know, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flows.endorsement_choice import (
    ASKED,
    PERMIT,
    PLACES,
    TOO_LONG,
    length_choice,
    letter_of,
    only_length,
    place_choice,
)
from flows.endorsements import Place
from flows.exit_entry import ends
from flows.fields import Date, Pattern, Phone, Text, fixed_choice
from flows.flow import Field, Known, Page, When
from flows.pages import day_of

GOING: dict[Place, str] = {"HK": "要去香港吗", "MO": "要去澳门吗"}
HOW_LONG: dict[Place, str] = {"HK": "香港签注多长时间", "MO": "澳门签注多长时间"}
LEAD = "签注从批准那天起算"

RELATIONS = fixed_choice(
    SPOUSE="配偶",
    SPOUSE_WITH_MINOR="配偶，有共同的未成年子女",
    PARENT="父母",
    PARENT_IN_LAW="配偶的父母",
    CHILD="子女",
    CHILD_IN_LAW="子女的配偶",
    SIBLING="兄弟姐妹",
    GRANDPARENT="祖父母或外祖父母",
    GRANDCHILD="孙子女或外孙子女",
)
RELATIVE_STATUSES = fixed_choice(
    PERMANENT="永久居民", NOT_PERMANENT="非永久居民", STAYING="在当地读书或工作", MAINLAND_BORN="定居不满七年"
)
STAFF = fixed_choice(FILED="企业已备案的人员", UNFILED="企业未备案的人员", SELF_EMPLOYED="个体工商户", DRIVER="跨境车辆司机")
STAYS = fixed_choice(STUDY="读书", WORK="工作", DEPENDANT="随家人居留")
TALENTS = fixed_choice(
    OUTSTANDING="杰出人才", RESEARCH="科研人才", EDUCATION="文教人才", HEALTH="卫健人才", LAW="法律人才", OTHER="其他人才"
)
_REASONS = {
    "TREATMENT": "治病",
    "FUNERAL": "奔丧或探望病人",
    "LAWSUIT": "诉讼",
    "EXAMINATION": "考试",
    "PROPERTY": "处理产业",
    "ACADEMIC": "学术交流",
}
_MACAU_REASONS = {"EXHIBITION": "参加会展", "PERFORMANCE": "演出"}


@dataclass(frozen=True)
class EntryPermitEnd(Date):
    """The last day of a region's entry permit: not over, and within the card that stays."""

    def mistake(self, value: str, known: Known) -> str:
        last = day_of(value)
        if wrong := super().mistake(value, known):
            return wrong
        if last is None or last < known.today:
            return "许可已经过期"
        card = ends(PERMIT, known)
        return TOO_LONG if known["kind"] == "ENDORSE" and card is not None and card < last else ""


def endorsement_pages() -> tuple[Page, ...]:
    return (*_of("HK"), *_of("MO"))


def _of(place: Place) -> Iterator[Page]:
    name = ASKED[place]
    yield Page(
        name=name,
        title=GOING[place],
        lead=LEAD,
        fields=(Field(name=name, label=f"{PLACES[place]}签注", kind=place_choice(place), row="24-26"),),
    )
    for letter, title, fields in (
        ("T", "探望哪位亲属", _family),
        ("S", "商务签注", _business),
        ("Q", "去办什么事", _reason),
        ("D", "当地的进入许可", _stay),
        ("R", "人才签注", _talent),
    ):
        lead = f"去{PLACES[place]}；证明原件带到窗口出示"
        yield Page(name=f"{name}_{letter}", title=title, lead=lead, asked_when=_chose(place, letter), fields=fields(place))
    length = Field(
        name=f"{name}_length",
        label=f"{PLACES[place]}签注期限",
        kind=length_choice(place),
        locked=True,
        derive=lambda known: only_length(place, known),
        row="26",
    )
    more = When(f"去{PLACES[place]}不是旅游时", lambda known: bool(letter_of(place, known)))
    yield Page(name=f"{name}_length", title=HOW_LONG[place], lead=LEAD, asked_when=more, fields=(length,))


_TITLES = {"T": "探亲", "S": "商务", "Q": "其他", "D": "逗留", "R": "人才"}


def _chose(place: Place, letter: str) -> When:
    return When(f"去{PLACES[place]}{_TITLES[letter]}时", lambda known: letter_of(place, known) == letter)


def _family(place: Place) -> tuple[Field, ...]:
    name = ASKED[place]
    document = Pattern(r"[A-Z0-9()/]{5,20}", "证件号码只用字母和数字")
    return (
        Field(name=f"{name}_relation", label="亲属是申请人的", kind=RELATIONS, row="27"),
        Field(name=f"{name}_relative", label="亲属姓名", kind=Text(50), row="27", may_be_left=True),
        Field(name=f"{name}_relative_document", label="亲属证件号码", kind=document, row="27", may_be_left=True),
        Field(name=f"{name}_relative_status", label="亲属在当地的身份", kind=RELATIVE_STATUSES, row="27"),
        Field(name=f"{name}_relative_phone", label="亲属电话", kind=Phone(abroad=True), row="27", may_be_left=True),
    )


def _business(place: Place) -> tuple[Field, ...]:
    name = ASKED[place]
    filing = Pattern(r"[A-Z0-9-]{4,30}", "备案编号只用字母和数字")
    return (
        Field(name=f"{name}_staff", label="属于哪一种", kind=STAFF, row="28", derive=_as_for_hong_kong(place, "staff")),
        Field(
            name=f"{name}_enterprise",
            label="企业名称",
            kind=Text(60),
            row="28",
            may_be_left=True,
            derive=lambda known: known.record("employment.employer"),
        ),
        Field(
            name=f"{name}_filing",
            label="备案编号",
            kind=filing,
            row="28",
            required=False,
            hint="没有备案的不填",
            derive=_as_for_hong_kong(place, "filing"),
        ),
    )


def _reason(place: Place) -> tuple[Field, ...]:
    kind = fixed_choice(**_REASONS, **(_MACAU_REASONS if place == "MO" else {}))
    return (Field(name=f"{ASKED[place]}_reason", label="事由", kind=kind, row="29"),)


def _stay(place: Place) -> tuple[Field, ...]:
    name = ASKED[place]
    number = Pattern(r"[A-Z0-9()/-]{4,30}", "许可编号只用字母和数字")
    return (
        Field(name=f"{name}_stay", label="为了什么", kind=STAYS, row="30"),
        Field(name=f"{name}_stay_number", label="许可编号", kind=number, row="30", may_be_left=True),
        Field(
            name=f"{name}_stay_until",
            label="许可有效期至",
            kind=EntryPermitEnd(),
            row="30",
            may_be_left=True,
            hint="例如 20280831",
        ),
    )


def _talent(place: Place) -> tuple[Field, ...]:
    return (
        Field(name=f"{ASKED[place]}_talent", label="人才类别", kind=TALENTS, row="25", derive=_as_for_hong_kong(place, "talent")),
    )


def _as_for_hong_kong(place: Place, part: str) -> Callable[[Known], str] | None:
    """What was just said for Hong Kong is proposed for Macau."""
    return (lambda known: known[f"hong_kong_{part}"]) if place == "MO" else None
