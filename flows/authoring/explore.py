"""Walks a matter many times as people of every kind, and remembers what was asked, read, offered and said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from flows.application import Assurance, Attached, Identity, Lookup, Outcome, Record, SourceAnswer
from flows.authoring.examples import example, resident_number
from flows.fields import Choice
from flows.flow import Flow, Known, Page
from flows.fold import Given, fold, is_locked, start, warnings
from flows.items import ITEMS
from flows.pictures import Picture
from flows.resident_number import ResidentNumber

REGION = "440604"
PICTURE = Attached("image/png", b"a picture")
DEPARTMENTS = frozenset(
    ("household", "exit_entry", "social_security", "market_regulation", "medical_insurance", "population", "traffic")
)
GENERATIONS = ("01", "10", "20", "30")


@dataclass(frozen=True)
class Watched(Known):
    """What is known, with a note of everything that a rule looks at."""

    read: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return super().__getitem__(name)

    def record(self, item: str) -> str:
        self.read.add(item)
        return super().record(item)


@dataclass
class Explored:
    """What many walks have met: pages asked, names and items read by rules, options offered, texts said."""

    pages: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    offered: set[tuple[str, str]] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)


def explore(flow: Flow, today: date, walks: int = 400, seed: int = 1) -> Explored:
    """The same walks at every call."""
    chance = Random(seed)  # noqa: S311 (walks, not secrets)
    found = Explored(texts=set(_fixed_texts(flow)))
    for _ in range(walks):
        _walk(flow, _somebody(flow, today, chance), chance, found)
    return found


def _somebody(flow: Flow, today: date, chance: Random) -> Watched:
    """A person with records of any value, or none; sometimes a child with a guardian."""
    blank = Known({}, {}, today, REGION)
    number = ResidentNumber.read(resident_number(blank, chance))
    child = flow.for_child and today - number.birth < timedelta(days=16 * 365)
    guardian = _identity(ResidentNumber.read(resident_number(blank, chance)), "何嘉") if child else None
    at = datetime(today.year, today.month, today.day, tzinfo=UTC)
    share = chance.choice((0.0, 0.6, 0.95, 1.0))
    records = tuple(_record(item, blank, at, chance) for item in flow.items if item in ITEMS and chance.random() < share)
    lookup = Lookup(at, (SourceAnswer("any", "", Outcome.RECORD, tuple(r for r in records if r.value)),))
    known = start(flow, _identity(number, "吕晓岚"), lookup, today, region=REGION, guardian=guardian)
    # Without records at all the departments are silent; else what is missing is what they have not.
    known = replace(known, attached={PICTURE.digest: PICTURE}, answered=DEPARTMENTS if share else frozenset())
    return Watched(**{each.name: getattr(known, each.name) for each in fields(known)})


def _record(item: str, blank: Known, at: datetime, chance: Random) -> Record:
    if item in ("household.relation", "guardian.household_relation"):
        return Record(item, chance.choice(GENERATIONS), "any", at)
    if item in ("household.number", "guardian.household_number"):
        return Record(item, "440604000001", "any", at)
    return Record(item, example(ITEMS[item].kind, blank, chance), "any", at)


def _identity(number: ResidentNumber, name: str) -> Identity:
    return Identity(number.text, name, number.sex, number.birth, "resident_card", Assurance.SAM, "01")


def _walk(flow: Flow, begin: Watched, chance: Random, found: Explored) -> None:
    given: dict[str, Given] = {}
    state = fold(flow, begin, given)
    while state.page is not None:
        page, known = state.page, state.known
        found.pages.add(page.name)
        found.texts.update(_texts_on(page, known, found))
        _told(flow, known, found)
        given[page.name] = _answered(page, known, chance)
        state = fold(flow, begin, given)
        found.texts.update(state.mistakes.values())
        found.texts.update(warnings(flow, state.known).values())
        if state.page is page:
            break
    _told(flow, state.known, found)
    found.read |= begin.read


def _told(flow: Flow, known: Known, found: Explored) -> None:
    """Everything that the matter's own rules say at this moment."""
    flow.route(known)
    flow.term(known)
    fee = flow.fee(known)
    found.texts.update(line.label for line in fee.lines)
    found.texts.update(fee.unpriced)
    flow.certificate(known)


def _answered(page: Page, known: Known, chance: Random) -> Given:
    values, pictures = {}, {}
    for asked in page.fields:
        if is_locked(asked, known.answers.get(asked.name)):
            continue
        before = known.answers.get(asked.name)
        value = before.value if before and chance.random() < 0.7 else example(asked.kind, known, chance)
        if isinstance(asked.kind, Picture):
            value, pictures[PICTURE.digest] = PICTURE.digest, PICTURE
        values[asked.name] = value
    left = frozenset(f.name for f in page.fields if f.may_be_left and not values.get(f.name))
    return Given(values, left, pictures)


def _texts_on(page: Page, known: Known, found: Explored) -> Iterable[str]:
    for asked in page.fields:
        if isinstance(asked.kind, Choice):
            for option in asked.kind.options(known):
                yield from (option.note, option.why_not)
                # A name that stands for itself, such as a road of the hall's library, is the same in every language.
                yield from {option.label, asked.kind.shown(option.key)} - {option.key}
                if not option.why_not:
                    found.offered.add((asked.name, option.key))


def _fixed_texts(flow: Flow) -> Iterable[str]:
    yield from (flow.title, flow.summary, *flow.bring)
    for page in flow.pages:
        yield from (page.title, page.lead)
        for asked in page.fields:
            yield from (asked.label, asked.hint)
            yield from _texts_of_kind(asked.kind)


def _texts_of_kind(kind: object) -> Iterable[str]:
    """Texts that a kind carries for the screen."""
    for name in ("wrong", "statement", "what"):
        if isinstance(text := getattr(kind, name, ""), str):
            yield text
