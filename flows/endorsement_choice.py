"""Which endorsements a citizen may choose, why some are not on offer, in neutral words, and what they cost."""

from __future__ import annotations

from datetime import date, timedelta

from flows import endorsements as policy
from flows import regions
from flows.endorsements import TO_THE_END, EndorsementKind, Home, Offer, Place
from flows.exit_entry import Document, ends
from flows.fees import fees_on
from flows.fields import Choice, Option
from flows.flow import FeeLine, Known
from flows.pages import AT_THE_COUNTER, day_of, is_under, months_later

NONE = "none"
PERMIT = Document(
    key="permit",
    title="往来港澳通行证",
    fee="hk-macau-permit.card",
    kinds=("FIRST", "REAPPLY", "RENEW", "REISSUE_LOST", "REISSUE_DAMAGED", "ENDORSE", "REPRINT"),
    reasons=("EXPIRING", "SHORT", "CHANGED", "CHANNEL", "OTHER"),
    number_hint="以字母 C 开头，共 9 位",
)
PLACES: dict[Place, str] = {"HK": "香港", "MO": "澳门"}
ASKED: dict[Place, str] = {"HK": "hong_kong", "MO": "macau"}
NOT_GOING: dict[Place, str] = {"HK": "不去香港", "MO": "不去澳门"}
TIMES = {"1": "一次", "2": "两次", "M": "多次", "W1": "每周一次"}
PERIODS = {TO_THE_END: "到许可期满", 3: "三个月", 12: "一年", 36: "三年", 60: "五年"}
ANSWERS = {"T": "relation", "S": "staff", "Q": "reason", "D": "stay", "R": "talent"}
"""Kinds that depend on answers, and the end of the name of the field that decides."""

NEEDS = (
    "permit.route",
    "permit.kinds",
    "permit.hong_kong_until",
    "permit.macau_until",
    "permit.macau_last",
    "residence.city",
    "residence.expiry",
)


def label(kind: EndorsementKind, offer: Offer) -> str:
    return f"{kind.title} {PERIODS.get(offer.months, f'{offer.months} 个月')}{TIMES[offer.entries]}"


_TITLES = {kind.letter: kind.title for kind in policy.ALL_KINDS}
LABELS = {offer.key: label(kind, offer) for offer in policy.ALL_OFFERS for kind in policy.ALL_KINDS if kind.letter == offer.kind}
LABELS |= {f"{place}-{letter}": title for place in PLACES for letter, title in _TITLES.items() if letter in ANSWERS}


def place_choice(place: Place) -> Choice:
    """The first question: whether to go, and as what. Tourism is chosen with its length at once."""
    return Choice(lambda known: _going(place, known), lambda key: NOT_GOING[place] if key == NONE else LABELS.get(key, key))


def length_choice(place: Place) -> Choice:
    """The second question, for kinds whose lengths depend on what was answered."""
    return Choice(lambda known: lengths(place, known), lambda key: LABELS.get(key, key))


def chosen(known: Known) -> tuple[Offer, ...]:
    """The endorsements asked for, Hong Kong first."""
    keys = (known[f"{name}_length"] if letter_of(place, known) else known[name] for place, name in ASKED.items())
    offers = (policy.offer_on(known.today, key) for key in keys)
    return tuple(offer for offer in offers if offer is not None)


def letter_of(place: Place, known: Known) -> str:
    """The kind that was chosen for a place, when its lengths depend on more answers."""
    letter = known[ASKED[place]].removeprefix(f"{place}-")
    return letter if letter in ANSWERS else ""


def lengths(place: Place, known: Known) -> tuple[Option, ...]:
    """Every length of the chosen kind that these answers allow."""
    letter = letter_of(place, known)
    said = known[f"{ASKED[place]}_{ANSWERS[letter]}"] if letter else ""
    kind = policy.kind_on(known.today, letter)
    offers = policy.offers_on(known.today, place, letter)
    return tuple(_option(kind, offer, known, said) for offer in offers if kind and _is_listed(offer, known, said))


def only_length(place: Place, known: Known) -> str:
    found = lengths(place, known)
    return found[0].key if len(found) == 1 and not found[0].why_not else ""


def lines(known: Known) -> tuple[tuple[FeeLine, ...], tuple[str, ...]]:
    """What the endorsements cost, and those that have no price yet."""
    table = fees_on(known.today)
    priced, unpriced = [], []
    for place, name in ASKED.items():
        key = known[f"{name}_length"] or known[name] if letter_of(place, known) else known[name]
        offer = policy.offer_on(known.today, key)
        months = _months(offer, known) if offer else None
        if offer and months:
            priced.append(FeeLine(f"{PLACES[place]} {LABELS[key]}", table.yuan(offer.entries, months)))
        elif key in LABELS:
            unpriced.append(f"{PLACES[place]} {LABELS[key]}")
    return tuple(priced), tuple(unpriced)


def nothing_to_endorse(known: Known) -> bool:
    """Whether endorsements alone are asked for and there is none for either place: a clerk looks why."""
    return known["kind"] == "ENDORSE" and not any(_has_any(place, known) for place in PLACES)


def _has_any(place: Place, known: Known) -> bool:
    return any(not option.why_not for option in _endorsements(place, known))


def _going(place: Place, known: Known) -> tuple[Option, ...]:
    return (*_endorsements(place, known), Option(NONE, NOT_GOING[place], why_not=_why_go(place, known)))


def _endorsements(place: Place, known: Known) -> tuple[Option, ...]:
    """Everything that can be had for a place, and why some of it is not on offer here."""
    found: list[Option] = []
    for kind in policy.kinds_on(known.today):
        offers = policy.offers_on(known.today, place, kind.letter)
        why_not = _why_not_kind(kind, place, known)
        if not kind.questions:
            found += [_option(kind, offer, known, "", why_not) for offer in offers if _is_listed(offer, known, "")]
            continue
        if not why_not and all(_is_too_long(offer, known) for offer in offers):
            why_not = TOO_LONG
        key = f"{place}-{kind.letter}"
        found.append(Option(key, kind.title, "原件带到窗口出示", why_not, counter=why_not not in ("", TOO_LONG)))
    return tuple(found)


TOO_LONG = "超过通行证有效期，请先换发"
UNUSED = "现有签注用完或到期后再申请"
ANOTHER_CITY = "请到户口或居住证所在城市办理"


def _option(kind: EndorsementKind, offer: Offer, known: Known, said: str, why_not: str = "") -> Option:
    if not why_not and _is_too_long(offer, known):
        why_not = TOO_LONG
    if not why_not and not _may_have(offer, known, said):
        why_not = AT_THE_COUNTER
    return Option(offer.key, label(kind, offer), _note(offer), why_not, counter=why_not not in ("", TOO_LONG))


def _note(offer: Offer) -> str:
    rule = offer.condition
    if not rule.stay_days:
        return "停留到当地许可的期限"
    if rule.stay_from_first_entry:
        return f"从第一次入境起 {rule.stay_days} 天内可多次往返"
    each = f"每次最多停留 {rule.stay_days} 天"
    return f"周一到周日算一周，{each}" if offer.entries == "W1" else each


def _why_not_kind(kind: EndorsementKind, place: Place, known: Known) -> str:
    allowed = known.record("permit.kinds")
    if allowed and kind.letter not in allowed:
        return AT_THE_COUNTER
    return _why_wait(place, known) or _why_elsewhere(kind, known)


def _why_wait(place: Place, known: Known) -> str:
    """One live endorsement per place; one on a lost or expired card counts no more."""
    until = day_of(known.record(f"permit.{ASKED[place]}_until"))
    if until and until >= known.today and known["kind"] not in ("FIRST", "REAPPLY", "REISSUE_LOST"):
        return UNUSED
    last, days = day_of(known.record("permit.macau_last")) if place == "MO" else None, policy.days_apart(known.today, place)
    return f"距上次{PLACES[place]}签注不满 {days} 天" if last and known.today < last + timedelta(days=days) else ""


def _why_elsewhere(kind: EndorsementKind, known: Known) -> str:
    """An address that nobody gave yet keeps the offer open: the clerk checks it, the citizen is not stopped."""
    here, homes = regions.city_of_region(known.region), home_cities(known)
    if kind.where == "talent_area":
        return "" if not known.region or policy.is_talent_area(known.today, known.region) else AT_THE_COUNTER
    if kind.where == "anywhere" or not homes:
        return ""
    good = homes & policy.cities_on(known.today) if kind.where == "listed_home" else homes
    if not good:
        return AT_THE_COUNTER
    return ANOTHER_CITY if here and here not in good else ""


def home_cities(known: Known, homes: tuple[Home, ...] = ("household", "residence")) -> frozenset[str]:
    """The cities where a person is at home: by household, and by a residence permit that has not run out."""
    found = set()
    if "household" in homes:
        found.add(regions.city(_household(known)))
    if "residence" in homes and _residence(known):
        found.add(known.record("residence.city").removesuffix("市"))
    return frozenset(found - {""})


def _household(known: Known) -> str:
    return known["address"] or known.record("household.address")


def _residence(known: Known) -> bool:
    expiry = day_of(known.record("residence.expiry"))
    return bool(known.record("residence.city")) and (expiry is None or expiry >= known.today)


def _is_listed(offer: Offer, known: Known, said: str) -> bool:
    """Whether the offer is shown at all: city specials to their residents, the rest to whom it may concern."""
    rule = offer.condition
    if rule.cities and not _is_at_home(offer, known):
        return False
    if not rule.officials and "yes" in (known["public_servant"], known["soldier"]):
        return False
    return bool(rule.counter) or _may_have(offer, known, said)


def _is_at_home(offer: Offer, known: Known) -> bool:
    rule = offer.condition
    good, here = home_cities(known, rule.homes) & set(rule.cities), regions.city_of_region(known.region)
    if not good or (here and here not in good):
        return False
    addresses = {"household": _household(known), "residence": known.record("residence.address") if _residence(known) else ""}
    return any(rule.district in addresses[home] for home in rule.homes) if rule.district else True


def _may_have(offer: Offer, known: Known, said: str) -> bool:
    rule = offer.condition
    if rule.counter == "all":
        return False
    old_enough = rule.from_age is not None and not is_under(known, rule.from_age)
    return not rule.who or said in rule.who or old_enough


def _is_too_long(offer: Offer, known: Known) -> bool:
    """An endorsement ends on or before the last day of the card; on a new card every one does."""
    if known["kind"] != "ENDORSE" or offer.months == TO_THE_END:
        return False
    last = ends(PERMIT, known)
    return last is not None and last < months_later(known.today, offer.months) - timedelta(days=1)


def _why_go(place: Place, known: Known) -> str:
    """Who asks for endorsements alone goes somewhere: to Macau when not to Hong Kong, while there is anything for Macau."""
    if known["kind"] != "ENDORSE":
        return ""
    if place == "MO":
        return "香港和澳门请至少选一个" if known["hong_kong"] == NONE else ""
    return "" if _has_any("MO", known) else "澳门现在没有可以申请的签注"


def _months(offer: Offer, known: Known) -> int | None:
    """The length in months, a begun one counted whole; None while the end of the entry permit is not known."""
    if offer.months != TO_THE_END:
        return offer.months
    last = day_of(known[f"{ASKED[offer.place]}_stay_until"])
    return _months_to(known.today, last) if last else None


def _months_to(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month
    return months + 1 if last >= months_later(first, months) else max(months, 1)
