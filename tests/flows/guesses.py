"""What somebody might answer to a field, sensible or not, by its kind; and registers filled in the same way."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from flows.addresses import Address
from flows.application import Assurance, Attached, Identity, Lookup, Outcome, Record, SourceAnswer
from flows.authoring.examples import from_pattern
from flows.document_numbers import DocumentNumber
from flows.fields import Choice, Code, Date, PartialDate, Pattern, Phone, ResidentId, Text
from flows.flow import Field, Flow, Kind, Known
from flows.fold import CARD_ITEMS
from flows.items import ITEMS
from flows.pictures import MOST_BYTES, Paper, Photo, Picture, Signature
from flows.resident_number import check_character
from tests.flows.people import NOW, PEOPLE, TODAY, lookup

NONSENSE = ("", " ", "？", "x" * 300, "0", "-1", "明天", "440602199202299860", "C0O000001", "2027-02-29", "yes", "\x07", "１２３")
ADDRESSES = (
    "广东省佛山市禅城区祖庙街道莲花路36号802房",
    "广东省佛山市南海区桂城街道南海大道北20号",
    "广西壮族自治区桂林市七星区穿山街道漓江路26号",
    "广东省深圳市福田区深南大道1号",
    "广东省珠海市香洲区情侣中路3号",
)
TEXTS = (
    "吕晓岚",
    "欧阳雪",
    "LYU",
    "XIAOLAN",
    "佛山",
    "深圳",
    "7",
    "0",
    "48",
    "佛山市公安局禅城分局祖庙派出所",
    "软件技术",
    "阿依古丽·麦麦提",
)
NUMBERS = {
    "eep_card": ("C23456781", "CB2345678"),
    "eep_booklet": ("W12345678",),
    "passport": ("E12345678", "EA1234567"),
    "passport_old": ("G12345678",),
    "twp_card": ("L12345678",),
    "twp_booklet": ("T12345678",),
    "home_return": ("H12345678", "M1234567801"),
    "home_return_foreign": ("HA1234567",),
    "taiwan_compatriot": ("12345678",),
    "residence_hmt": ("810000199001010019",),
    "resident": ("440602199202299863", "11010519491231002X"),
    "foreigner_2023": ("931408199012310974",),
    "foreigner_2017": ("GBR123456789012",),
    "credit_code": ("91440604MA9XK7P27D", "91440604MA9XK7P27E"),
}
DAYS = (-14000, -3700, -3650, -1900, -370, -200, -91, -30, -1, 0, 1, 20, 80, 91, 179, 181, 370, 800, 2000, 3600, 7300)


def resident_number(chance: Random, born: date, sex: str) -> str:
    """A number in form only."""
    sequence = chance.randrange(100) * 10 + chance.randrange(5) * 2 + (sex == "1")
    first = f"{chance.choice(('440602', '440604', '450305'))}{born:%Y%m%d}{sequence:03}"
    return first + check_character(first)


def sensible(kind: Kind, known: Known, chance: Random) -> str:
    """A value that such a field might well have. Rules of the matter may still refuse it."""
    match kind:
        case Choice():
            options = [option.key for option in kind.options(known) if not option.why_not]
            return chance.choice(options) if options else ""
        case Code():
            return chance.choice(sorted(kind.table))
        case Date():
            return (known.today + timedelta(days=chance.choice(DAYS))).isoformat()
        case PartialDate():
            day = (known.today - timedelta(days=chance.randrange(9000))).isoformat()
            return day[: chance.choice((4, 7, 7, 7, 10))]
        case Address():
            return chance.choice(ADDRESSES)
        case Text():
            fit: list[str] = [text for text in (*TEXTS, *ADDRESSES) if not kind.mistake(text, known)]
            return chance.choice(fit)
        case _:
            return _number(kind, known.today, chance)


def _number(kind: Kind, today: date, chance: Random) -> str:
    match kind:
        case Phone():
            inland = ["13802845678", "075783330000", "+86 139 0000 0000"]
            return chance.choice([*inland, "85291234567", "85366123456"] if kind.abroad else inland)
        case DocumentNumber():
            return chance.choice([number for code in kind.kinds for number in NUMBERS[code]])
        case ResidentId():
            return resident_number(chance, today - timedelta(days=chance.randrange(300, 30000)), chance.choice("12"))
        case Pattern():
            return from_pattern(kind.form, chance)
        case _:
            raise AssertionError(f"there is no guess for {type(kind).__name__}")


def guess(asked: Field, known: Known, chance: Random, *, sense: float) -> tuple[str, dict[str, Attached]]:
    """An answer as it is typed, and the picture that it names; with `sense` 1 never nonsense."""
    wild = chance.random() > sense
    if isinstance(asked.kind, Picture):
        return _picture(asked.kind, chance, wild=wild)
    if wild:
        refused = [o.key for o in asked.kind.options(known) if o.why_not] if isinstance(asked.kind, Choice) else []
        return chance.choice((*NONSENSE, *refused)), {}
    return sensible(asked.kind, known, chance), {}


def _picture(kind: Picture, chance: Random, *, wild: bool) -> tuple[str, dict[str, Attached]]:
    assert isinstance(kind, Photo | Signature | Paper)
    media_type = "image/png" if isinstance(kind, Signature) else "image/jpeg"
    tiny = Attached(media_type, chance.randbytes(8))
    if not wild:
        return tiny.digest, {tiny.digest: tiny}
    large = Attached(media_type, bytes(MOST_BYTES + 1))
    return chance.choice([(tiny.digest, {}), ("", {}), (large.digest, {large.digest: large})])


FAMILIES = {
    "household": ("person", "household", "guardian"),
    "exit_entry": ("permit", "passport", "taiwan", "contact"),
    "social_security": ("employment", "insurance", "social_security", "contact"),
    "market_regulation": ("company",),
    "medical_insurance": ("medical",),
    "population": ("residence", "resident_card"),
    "traffic": ("vehicle",),
}
"""Which department holds which items."""


def registers(flow: Flow, chance: Random, key: str) -> Lookup:
    """What the departments might say for this matter: nothing, that they have no record, what they have of a
    specimen, or anything that such an item may be, sure or doubted, sometimes empty."""
    specimen = {source.department: source for source in lookup(key).sources}
    sources = []
    for department, families in FAMILIES.items():
        items = [item for item in flow.items if item.partition(".")[0] in families and item not in CARD_ITEMS]
        how = chance.random()
        if how < 0.12:
            sources.append(SourceAnswer(department, department, Outcome.NO_ANSWER, reason="late"))
        elif how < 0.24 or not items:
            sources.append(SourceAnswer(department, department, Outcome.NO_RECORD))
        elif how < 0.6 and department in specimen:
            sources.append(specimen[department])
        else:
            sources.append(SourceAnswer(department, department, Outcome.RECORD, _records(department, items, chance)))
    return Lookup(NOW, tuple(sources))


def _records(department: str, items: list[str], chance: Random) -> tuple[Record, ...]:
    known = Known({}, {}, TODAY, "440604")
    doubt = "unconfirmed" if chance.random() < 0.1 else ""
    held = [item for item in items if chance.random() < 0.8]
    return tuple(Record(i, "" if chance.random() < 0.05 else _recorded(i, known, chance), department, NOW, doubt) for i in held)


def _recorded(item: str, known: Known, chance: Random) -> str:
    if item.endswith("address") or item == "household.moved_from":
        return chance.choice(ADDRESSES)
    if item.endswith("household_number") or item == "household.number":
        return chance.choice(("4406040000011", "4406040000011", "4406040000029"))
    if item.endswith(".city"):
        return chance.choice(("佛山", "深圳", "佛山市"))
    if item.endswith(".route"):
        return "counter" if chance.random() < 0.1 else "terminal"
    if "months" in item:
        return str(chance.randrange(0, 240))
    return sensible(ITEMS[item].kind, known, chance)


def somebody(chance: Random) -> str:
    """The key of a specimen."""
    return chance.choice(sorted(PEOPLE))


def child(chance: Random) -> Identity:
    """Somebody under 16, with a card or, more often, with a number that was typed."""
    born, sex = TODAY - timedelta(days=chance.randrange(1, 16 * 365)), chance.choice("12")
    number = resident_number(chance, born, sex)
    if chance.random() < 0.7:
        return Identity(number, "", sex, born, "typed", Assurance.NONE)
    return Identity(number, "吕小朋", sex, born, "resident_card", Assurance.SAM, "01", ADDRESSES[0], date(2028, 1, 1))
