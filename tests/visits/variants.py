"""Every matter in its variants: who comes, what they want, and what becomes of it. Rows of docs/matters.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scripts.wishes import NEW_HOME


class Ending(StrEnum):
    """What becomes of a visit; the words of the table."""

    TICKET = "filled in; a ticket for any window"
    COUNTER = "neutral words and a ticket; a clerk goes on"
    CERTIFICATE = "the certificate is printed at once"
    KEPT = "sealed until the hall answers"


@dataclass(frozen=True)
class Variant:
    """`person`: a key of assets/specimens/people.toml; `cards`: whose cards are laid, one after the other, the
    person's own when empty; `child`: the key of a child whose number is typed; `silent`: departments that do not
    answer; `answers`: some of what the application must hold."""

    matter: str
    name: str
    person: str
    ending: Ending
    wishes: Mapping[str, str] = field(default_factory=dict)
    cards: tuple[str, ...] = ()
    child: str = ""
    silent: tuple[str, ...] = ()
    hall_away: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    fee: int | None = None

    @property
    def title(self) -> str:
        return f"{self.matter}: {self.name}"


TICKET, COUNTER, CERTIFICATE, KEPT = Ending.TICKET, Ending.COUNTER, Ending.CERTIFICATE, Ending.KEPT
G_BOTH = {"hong_kong": "HK-G-12-2", "macau": "MO-G-12-1"}
NOBODY = {"public_servant": "no", "soldier": "no"}
MOVE = {"home": "new", **NEW_HOME}
AT_HOME = {"lives_at": "household", "postcode": "528000", "delivery": "PICKUP"}
GUARDIAN = {"guardian_phone": "13802845678", "held": "no"}
EVERYBODY_SILENT = (
    "household",
    "exit_entry",
    "social_security",
    "market_regulation",
    "population",
    "traffic",
    "medical_insurance",
)


def _permit(name: str, person: str, ending: Ending, wishes: Mapping[str, str], **more: object) -> Variant:
    return Variant("hk-macau-permit", name, person, ending, {**NOBODY, **wishes}, **more)  # type: ignore[arg-type]


PERMIT = (
    _permit(
        "the worked case: an expired permit, one visit to Hong Kong and one to Macau",
        "lyu",
        TICKET,
        {
            **G_BOTH,
            "lives_at": "household",
            "postcode": "528000",
            "emergency_phone": "13902840011",
            "delivery": "PICKUP",
            "echannel": "yes",
        },
        answers={"kind": "REAPPLY", "surname": "LYU", "given_names": "XIAOLAN"},
        fee=105,
    ),
    _permit("endorsements only, on a valid permit", "holder", TICKET, {**G_BOTH, "kind": "ENDORSE"}, fee=45),
    _permit("the first permit of a life", "unknown", TICKET, G_BOTH, answers={"kind": "FIRST"}, fee=105),
    _permit(
        "a permit that ends in five months is renewed first",
        "expiring",
        TICKET,
        {**G_BOTH, "kind": "RENEW"},
        answers={"kind": "RENEW"},
    ),
    _permit(
        "a lost permit, with the signed statement",
        "holder",
        TICKET,
        {**G_BOTH, "kind": "REISSUE_LOST", "loss_how": "STOLEN", "loss_day": "202611", "loss_place": "HK"},
        answers={"kind": "REISSUE_LOST", "loss_day": "2026-11"},
        fee=105,
    ),
    _permit("a damaged permit", "holder", TICKET, {**G_BOTH, "kind": "REISSUE_DAMAGED"}, fee=105),
    _permit("family in Hong Kong: the spouse", "holder", TICKET, {"kind": "ENDORSE", "hong_kong": "HK-T", "macau": "none"}),
    _permit(
        "business in Macau, nothing for Hong Kong", "holder", TICKET, {"kind": "ENDORSE", "hong_kong": "none", "macau": "MO-S"}
    ),
    _permit(
        "a residence permit of the hall's city is as good as a household there", "migrant", TICKET, {**G_BOTH, "kind": "ENDORSE"}
    ),
    _permit(
        "a household of another city: group tourism",
        "elsewhere",
        TICKET,
        {"kind": "ENDORSE", "hong_kong": "HK-L-12-1", "macau": "none"},
    ),
    _permit("somebody whom exit-entry sends to the counter, without a word why", "filed", COUNTER, {}),
    _permit("a public servant by their own word", "holder", COUNTER, {"public_servant": "yes"}),
    _permit(
        "a child without a card, with a parent",
        "lyu",
        TICKET,
        {**GUARDIAN, **G_BOTH},
        child="baby",
        cards=("lyu",),
        answers={"guardian_proof": "REGISTER"},
    ),
    _permit(
        "a child with a card, with a parent",
        "child",
        TICKET,
        {**GUARDIAN, **G_BOTH, "kind": "ENDORSE"},
        cards=("child", "parent"),
    ),
    _permit("a name with a dot, cut by the chip", "uyghur", TICKET, {**G_BOTH, "kind": "ENDORSE"}),
    _permit("a rare character in the name", "rare", TICKET, {**G_BOTH, "kind": "ENDORSE"}),
    _permit(
        "exit-entry is silent: the citizen says what the permit says",
        "holder",
        TICKET,
        {"held": "yes", "kind": "ENDORSE", "permit_expiry": "20310314", **G_BOTH},
        silent=("exit_entry",),
    ),
    _permit(
        "every department is silent", "holder", TICKET, {"held": "no", "mobile": "13802840026", **G_BOTH}, silent=EVERYBODY_SILENT
    ),
    _permit("the hall is away", "holder", KEPT, {"held": "no", "mobile": "13802840026", **G_BOTH}, hall_away=True),
)
PASSPORT = (
    Variant("passport", "an expired passport", "lyu", TICKET, NOBODY, answers={"kind": "REAPPLY"}, fee=120),
    Variant("passport", "the first passport", "holder", TICKET, NOBODY, answers={"kind": "FIRST"}, fee=120),
    Variant(
        "passport",
        "a child without a card, with a parent",
        "lyu",
        TICKET,
        GUARDIAN,
        child="baby",
        cards=("lyu",),
        answers={"kind": "FIRST"},
    ),
    Variant("passport", "a public servant by their own word", "lyu", COUNTER, {"public_servant": "yes", "soldier": "no"}),
    Variant("passport", "somebody whom exit-entry sends to the counter", "filed", COUNTER, NOBODY),
)
TAIWAN = (
    Variant("taiwan-permit", "the first permit", "holder", TICKET, NOBODY, answers={"kind": "FIRST"}),
    Variant("taiwan-permit", "somebody whom exit-entry sends to the counter", "filed", COUNTER, NOBODY),
)
RESIDENT_CARD = (
    Variant("resident-card", "an expired card; identified by the social security card", "oldcard", TICKET, {}, fee=20),
    Variant("resident-card", "a lost card", "holder", TICKET, {"kind": "LOST"}, fee=40),
    Variant("resident-card", "a rare character in the name", "rare", COUNTER, {}),
    Variant("resident-card", "a household of another province", "migrant", COUNTER, {}),
)
RESIDENCE = (
    Variant("residence-permit", "the yearly endorsement, proved by social security", "migrant", TICKET, {}, fee=0),
    Variant("residence-permit", "a first permit", "elsewhere", TICKET, {"arrived": "202503", **NEW_HOME}),
    Variant("residence-permit", "whoever has a household here needs none", "holder", COUNTER, {}),
)
INSURANCE = (
    Variant("social-insurance", "all insurances, printed at once", "lyu", CERTIFICATE, {"paper": "PROOF", "insurance": "ALL"}),
    Variant(
        "social-insurance",
        "the medical insurance authority is silent",
        "lyu",
        TICKET,
        {"paper": "PROOF", "insurance": "ALL"},
        silent=("medical_insurance",),
    ),
    Variant("social-insurance", "a name written in two ways", "spelling", TICKET, {"paper": "PROOF", "insurance": "ALL"}),
)
NO_RECORD = (
    Variant("no-criminal-record", "for work in the mainland: the result is at the window", "lyu", TICKET, {}, fee=0),
    Variant("no-criminal-record", "a child, with a parent", "child", COUNTER, {}, cards=("child", "parent")),
)
EXTRACT = (
    Variant("household-extract", "where one moved from, printed at once", "lyu", CERTIFICATE, {"kind": "MOVED"}),
    Variant("household-extract", "an address in doubt", "doubted", TICKET, {}),
)
MOVING = (
    Variant("moving-house", "three registers, one new address", "migrant", TICKET, MOVE),
    Variant(
        "moving-house",
        "a register that the citizen is not in is left out",
        "elsewhere",
        TICKET,
        MOVE,
        answers={"register_social_security": "yes", "register_traffic": "no", "register_population": "no"},
    ),
)
VARIANTS: tuple[Variant, ...] = (
    *PERMIT,
    *PASSPORT,
    *TAIWAN,
    *RESIDENT_CARD,
    *RESIDENCE,
    *INSURANCE,
    *NO_RECORD,
    *EXTRACT,
    *MOVING,
)
