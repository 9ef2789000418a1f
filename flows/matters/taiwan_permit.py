"""往来台湾通行证: the card, and endorsements whose letters open and close by notice (assets/policy/taiwan.toml)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from flows import guardian
from flows.exit_entry import ADULT, NEW_ONE, Document, card_line, ends, route, term, wants_new
from flows.exit_entry_pages import eligibility, local_form, only_when, pinyin_pages
from flows.fees import FEES, fees_on
from flows.fields import Choice, Option
from flows.flow import Fee, FeeLine, Field, Flow, Known, Page, When
from flows.pages import (
    AT_THE_COUNTER,
    BIRTH_PLACE,
    CONTACT,
    ELSEWHERE,
    EMERGENCY,
    FORMER,
    HOME,
    HOUSEHOLD,
    STATUS,
    WORK,
    declaration,
    delivery,
    months_later,
    photo,
    who,
)
from flows.policy import Dated, declare, newest, on, read
from flows.regions import city, city_of_region

NONE = "NONE"
NOT_NOW = "目前暂停受理"
OUTLIVES = "超过通行证有效期，请先换发"


@dataclass(frozen=True, kw_only=True)
class Letter(Dated):
    """签注种类: the letter on the card, and what can be asked for in that time."""

    letter: str
    title: str
    state: Literal["open", "suspended", "provinces"]
    where: Literal["household", "anywhere"]
    show: str
    provinces: tuple[str, ...] = ()
    counter: bool = False


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One endorsement that can be had. `months` 0: as long as the paper of the applicant says."""

    letter: str
    months: int
    entries: Literal["1", "M"]

    @property
    def key(self) -> str:
        return f"{self.letter}-{self.months}-{self.entries}"

    @property
    def label(self) -> str:
        length = PERIODS.get(self.months, f"{self.months} 个月")
        return f"{length}{'一次' if self.entries == '1' else '多次'}"


@dataclass(frozen=True, kw_only=True)
class Offers(Dated):
    rows: tuple[Offer, ...]


@dataclass(frozen=True, kw_only=True)
class Taiwan:
    kind: tuple[Letter, ...]
    offers: tuple[Offers, ...]


_POLICY = read(Taiwan, "taiwan")
for _each in dict.fromkeys(kind.letter for kind in _POLICY.kind):
    declare(f"Taiwan {_each}", [kind for kind in _POLICY.kind if kind.letter == _each])
declare("Taiwan offers", _POLICY.offers)

PERIODS = {0: "按证明的期限", 6: "六个月", 12: "一年", 24: "两年", 36: "三年"}
LETTERS = {**{kind.letter: kind.title for kind in _POLICY.kind}, NONE: "只办证，不办签注"}
OFFERS = {offer.key: offer for table in _POLICY.offers for offer in table.rows}
UNPRICED = {kind.letter for kind in _POLICY.kind} - {offer.letter for offer in OFFERS.values()}
"""Kinds that only a clerk chooses, with a length that no row of ours names."""

TAIWAN = Document(
    key="taiwan",
    title="往来台湾通行证",
    fee="taiwan-permit.card",
    kinds=("FIRST", "REAPPLY", "RENEW", "REISSUE_LOST", "REISSUE_DAMAGED", "ENDORSE"),
    reasons=("EXPIRING", "SHORT", "CHANGED", "FACE", "OTHER"),
    number_hint="以字母 L 开头，共 9 位",
)


def letters(known: Known) -> tuple[Option, ...]:
    """What can be asked for today, and in neutral words why the rest cannot."""
    none = "请选一种签注" if known["kind"] == "ENDORSE" else ""
    found = (_letter(kind, known) for kind in _POLICY.kind if kind.in_force(known.today))
    return (*found, Option(NONE, LETTERS[NONE], why_not=none))


def lengths(known: Known) -> tuple[Option, ...]:
    """How long and how often the chosen endorsement can be had."""
    rows = _offers(known["endorsement"], known)
    return tuple(Option(row.key, row.label, why_not=_outlives_the_card(row, known)) for row in rows)


def only_length(known: Known) -> str:
    found = [option.key for option in lengths(known) if not option.why_not]
    return found[0] if len(found) == 1 else ""


def fee(known: Known) -> Fee:
    table, offer = fees_on(known.today), OFFERS.get(known["length"])
    lines = card_line(TAIWAN, known)
    if offer is not None:
        price = table.of("taiwan-permit.once" if offer.entries == "1" else "taiwan-permit.many")
        lines = (*lines, FeeLine(f"{LETTERS[offer.letter]} {offer.label}", price))
    unpriced = tuple(LETTERS[letter] for letter in (known["endorsement"],) if letter in UNPRICED)
    return Fee(lines, table.name if lines else "", unpriced)


def _letter(kind: Letter, known: Known) -> Option:
    why_not = _why_not(kind, known)
    return Option(kind.letter, kind.title, kind.show, why_not, counter=why_not not in ("", NOT_NOW, OUTLIVES))


def _why_not(kind: Letter, known: Known) -> str:
    address = known["address"] or known.record("household.address")
    if kind.state == "suspended":
        return NOT_NOW
    # An address that nobody gave yet keeps the kind open: the clerk checks it, the citizen is not stopped.
    if kind.state == "provinces" and address and not address.startswith(kind.provinces):
        return f"目前只受理{'、'.join(kind.provinces)}户籍居民"
    home, here = city(address), city_of_region(known.region)
    if kind.counter or (kind.where == "household" and home and here and home != here):
        return AT_THE_COUNTER
    lengths = [_outlives_the_card(row, known) for row in _offers(kind.letter, known)]
    return OUTLIVES if lengths and all(lengths) else ""


def _offers(letter: str, known: Known) -> tuple[Offer, ...]:
    return tuple(row for row in on(known.today, _POLICY.offers, "Taiwan offers").rows if row.letter == letter)


def _outlives_the_card(offer: Offer, known: Known) -> str:
    if wants_new(known):
        return ""
    last = ends(TAIWAN, known)
    ends_on = months_later(known.today, offer.months) - timedelta(days=1)
    return OUTLIVES if last is not None and last < ends_on else ""


ENDORSEMENT = Page(
    name="endorsement",
    title="要办哪种签注",
    lead="签注的受理范围以当天的规定为准",
    fields=(Field(name="endorsement", label="签注种类", kind=Choice(letters, lambda key: LETTERS.get(key, key)), row="25"),),
)
LENGTH = Page(
    name="length",
    title="签注的期限和次数",
    lead="从批准那天起算",
    asked_when=When("要办签注时", lambda known: bool(lengths(known))),
    fields=(
        Field(
            name="length",
            label="期限和次数",
            kind=Choice(lengths, lambda key: OFFERS[key].label if key in OFFERS else key),
            row="26",
            derive=only_length,
        ),
    ),
)

FLOW = Flow(
    code="taiwan-permit",
    version="1",
    title="往来台湾通行证",
    summary="首次、换发、补发，或只办签注",
    pages=(
        only_when(STATUS, ADULT),
        *eligibility(TAIWAN),
        ENDORSEMENT,
        LENGTH,
        who(BIRTH_PLACE),
        FORMER,
        guardian.GUARDIAN,
        HOUSEHOLD,
        *pinyin_pages(NEW_ONE),
        only_when(HOME, NEW_ONE),
        only_when(ELSEWHERE, NEW_ONE),
        CONTACT,
        only_when(EMERGENCY, NEW_ONE),
        only_when(only_when(WORK, ADULT), NEW_ONE),
        *local_form(NEW_ONE),
        *delivery(),
        photo("exit_entry", NEW_ONE),
        declaration("本人声明：以上填写的内容和提交的材料真实。未满16岁的，由监护人签名。"),
    ),
    bring=("居民身份证", "往来台湾通行证（没有的不用）", "签注要求的证明原件"),
    needs=("permit.route",),
    child_needs=guardian.NEEDS,
    policy_version=f"Taiwan {newest([*_POLICY.kind, *_POLICY.offers])}; fees {newest(FEES)}",
    told=("exit_entry",),
    for_child=True,
    route=route,
    fee=fee,
    term=term,
)
