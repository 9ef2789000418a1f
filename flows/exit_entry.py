"""出入境证件: what the permit, the passport and the Taiwan permit share: kinds of application, routes and terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flows import regions
from flows.fees import fees_on
from flows.fields import Option
from flows.flow import FeeLine, Known, Route, Term, When
from flows.pages import AT_THE_COUNTER, day_of, is_under, months_later
from flows.policy import Dated, declare, on, read


@dataclass(frozen=True, kw_only=True)
class Limits(Dated):
    """`months_left`: a document that ends sooner is renewed first. `adult_from`: age in whole years."""

    months_left: int
    adult_from: int


@dataclass(frozen=True, kw_only=True)
class Validity(Dated):
    child_years: int
    adult_years: int


@dataclass(frozen=True, kw_only=True)
class DatedTerm(Dated):
    term: Term


@dataclass(frozen=True, kw_only=True)
class LocalForm(Dated):
    """Rows of the form that only some places still have."""

    marriage: bool
    education: bool


@dataclass(frozen=True, kw_only=True)
class ExitEntry:
    limits: tuple[Limits, ...]
    validity: tuple[Validity, ...]
    home_term: tuple[DatedTerm, ...]
    elsewhere_term: tuple[DatedTerm, ...]
    local_form: tuple[LocalForm, ...]


_TABLES = read(ExitEntry, "exit_entry")
declare("limits", _TABLES.limits)
declare("validity", _TABLES.validity)
declare("terms at home", _TABLES.home_term)
declare("terms elsewhere", _TABLES.elsewhere_term)
declare("local form", _TABLES.local_form)


@dataclass(frozen=True, kw_only=True)
class Document:
    """One kind of exit-entry document. `key` begins the names of its items and fields, e.g. permit; `fee` is its
    price in the fee table; `kinds` are the applications and `reasons` the grounds of renewal that it knows."""

    key: str
    title: str
    fee: str
    kinds: tuple[str, ...]
    reasons: tuple[str, ...]
    number_hint: str = ""

    @property
    def items(self) -> tuple[str, str, str]:
        return f"{self.key}.number", f"{self.key}.issued", f"{self.key}.expiry"


KINDS = {
    "FIRST": "首次申请",
    "REAPPLY": "失效重新申请",
    "RENEW": "换发",
    "REISSUE_LOST": "补发（遗失或被盗抢）",
    "REISSUE_DAMAGED": "补发（损毁）",
    "ENDORSE": "只办签注",
    "REMARK": "加注",
    "REPRINT": "重新打印签注",
}
"""申请类别 (domain: kinds of application)."""

ON_THE_OLD_ONE = frozenset({"ENDORSE", "REMARK", "REPRINT"})
"""Kinds that put something on the document one has: no new card or book, no photo."""

REASONS = {
    "EXPIRING": "有效期快到了",
    "SHORT": "有效期比要办的签注短",
    "PAGES": "签证页快用完了",
    "CHANGED": "个人资料变了",
    "FACE": "相貌变化大",
    "CHANNEL": "要用自助通道过关",
    "OTHER": "其他原因",
}


LOCAL_FORM = _TABLES.local_form


def local_form_on(day: date) -> LocalForm:
    return on(day, LOCAL_FORM, "local form")


def limits_on(day: date) -> Limits:
    return on(day, _TABLES.limits, "limits")


def validity_years(known: Known) -> int:
    """How long a new document is good for, by the age on this very day."""
    row = on(known.today, _TABLES.validity, "validity")
    return row.child_years if is_child(known) else row.adult_years


def is_child(known: Known) -> bool:
    return is_under(known, limits_on(known.today).adult_from)


def term(known: Known) -> Term | None:
    """办理期限; None while the household's city is not known. Urgent cases are the officer's to hurry."""
    home, here = regions.city(known["address"] or known.record("household.address")), regions.city_of_region(known.region)
    if not home or not here:
        return None
    rows = _TABLES.home_term if home == here else _TABLES.elsewhere_term
    return on(known.today, rows, "terms").term


def route(known: Known) -> Route:
    """The counter for everything a terminal may not decide; which of these it was stays unsaid. A guardian who
    cannot be proven stays here and brings the paper."""
    away = (
        known.record("permit.route") not in ("", "terminal")
        or (is_child(known) and known.guardian is None)
        or "yes" in (known["public_servant"], known["soldier"])
    )
    return Route.COUNTER if away else Route.TERMINAL


def recorded(document: Document, known: Known) -> bool | None:
    """Whether exit-entry knows of such a document; None when it did not answer."""
    if any(known.record(item) for item in document.items):
        return True
    return False if "exit_entry" in known.answered else None


def held(document: Document, known: Known) -> bool | None:
    """Whether there was such a document before; None while nobody said so."""
    there = recorded(document, known)
    return there if there is not None else {"yes": True, "no": False}.get(known["held"])


def ends(document: Document, known: Known) -> date | None:
    """The last day of the document one has, None when there is none or nobody knows."""
    return day_of(known[f"{document.key}_expiry"] or known.record(f"{document.key}.expiry"))


def is_expiring(document: Document, known: Known) -> bool:
    """Whether what is left is too short to put anything on it; an expired one too."""
    last = ends(document, known)
    return last is not None and last < months_later(known.today, limits_on(known.today).months_left)


def wants_new(known: Known) -> bool:
    """Whether a new card or book is made."""
    return known["kind"] in KINDS and known["kind"] not in ON_THE_OLD_ONE


NEW_ONE = When("要办新证件时", wants_new)
ADULT = When("满16岁时", lambda known: not is_child(known))


def kinds(document: Document, known: Known) -> tuple[Option, ...]:
    """What can be asked for, and in neutral words why the rest cannot."""
    return tuple(_kind(document, kind, known) for kind in document.kinds)


def only_kind(document: Document, known: Known) -> str:
    """The kind that is left when there is only one, else ""."""
    offered = [option.key for option in kinds(document, known) if not option.why_not]
    return offered[0] if len(offered) == 1 else ""


def card_line(document: Document, known: Known) -> tuple[FeeLine, ...]:
    """The price of the new card or book; nothing when none is made."""
    return (FeeLine(document.title, fees_on(known.today).of(document.fee)),) if wants_new(known) else ()


def reasons(document: Document, known: Known) -> tuple[Option, ...]:
    """Grounds of renewal."""
    months = limits_on(known.today).months_left
    early = ends(document, known) is not None and not is_expiring(document, known)
    why_not = f"有效期还有 {months} 个月以上" if early else ""
    return tuple(Option(key, REASONS[key], why_not=why_not if key == "EXPIRING" else "") for key in document.reasons)


def _kind(document: Document, kind: str, known: Known) -> Option:
    note = "" if kind in ON_THE_OLD_ONE else f"有效期 {validity_years(known)} 年"
    why_not = _why_not(document, kind, known)
    return Option(kind, KINDS[kind], note, why_not, counter=kind == "REPRINT")


def _why_not(document: Document, kind: str, known: Known) -> str:
    had, last = held(document, known), ends(document, known)
    if kind == "FIRST":
        return "以前办过这种证件" if had else ""
    if had is False:
        return "没有办过这种证件"
    if kind == "REAPPLY":
        return "现有证件还在有效期内" if last and last >= known.today else ""
    if last and last < known.today:
        return "证件已过有效期"
    if kind == "ENDORSE" and is_expiring(document, known):
        return f"有效期不足 {limits_on(known.today).months_left} 个月，请先换发"
    return AT_THE_COUNTER if kind == "REPRINT" else ""
