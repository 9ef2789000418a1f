"""JSON between terminal, hall and store: nothing is lost, equal values give equal bytes, errors are mute."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.application import (
    Action,
    Answer,
    Application,
    Assurance,
    Attached,
    Change,
    Decision,
    Identity,
    Lookup,
    Outcome,
    Record,
    Source,
    SourceAnswer,
    SourceKind,
    Ticket,
)
from flows.correction import Correction, CorrectionNews, CorrectionState
from flows.delivery import Delivery, DeliveryStep
from flows.dispute import Dispute
from flows.recheck import Problem
from flows.wire import Heard, NotUnderstood, OpenVisit, Refusal, SealedVisit, Submitted, VisitOpened, from_json, to_json
from tests.flows.people import identity, lookup

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
MOMENTS = st.datetimes(timezones=st.just(UTC))
DAYS = st.dates()
SOURCES = st.builds(Source, st.sampled_from(SourceKind), TEXT)
IDENTITIES = st.builds(
    Identity,
    number=TEXT,
    name=TEXT,
    sex=TEXT,
    birth=DAYS,
    document=TEXT,
    assurance=st.sampled_from(Assurance),
    ethnic_group=TEXT,
    address=TEXT,
    card_expiry=st.none() | DAYS,
    warnings=st.lists(TEXT, max_size=2).map(tuple),
)
DISPUTES = st.builds(Dispute, TEXT, TEXT, TEXT, MOMENTS, TEXT, TEXT)
NEWS = st.builds(CorrectionNews, TEXT, TEXT, TEXT, st.sampled_from(CorrectionState), DAYS, st.none() | DAYS)
APPLICATIONS = st.builds(
    Application,
    visit=TEXT,
    matter=TEXT,
    flow_version=TEXT,
    policy_version=TEXT,
    identity=IDENTITIES,
    answers=st.dictionaries(TEXT, st.builds(Answer, TEXT, SOURCES, st.none() | MOMENTS), max_size=4),
    submitted_at=MOMENTS,
    language=TEXT,
    to_counter=st.booleans(),
    guardian=st.none() | IDENTITIES,
    attached=st.dictionaries(TEXT, st.builds(Attached, TEXT, st.binary(max_size=40)), max_size=2),
    disputes=st.dictionaries(TEXT, DISPUTES, max_size=2),
)
RECORDS = st.builds(Record, TEXT, TEXT, TEXT, MOMENTS, TEXT)
ANSWERS = st.builds(
    SourceAnswer, TEXT, TEXT, st.sampled_from(Outcome), st.lists(RECORDS, max_size=2).map(tuple), TEXT, st.integers(0, 9999)
)
LOOKUPS = st.builds(Lookup, MOMENTS, st.lists(ANSWERS, max_size=3).map(tuple))
TICKETS = st.builds(Ticket, TEXT, TEXT, TEXT, DAYS, MOMENTS, st.integers(0, 999))
DECISIONS = st.builds(
    Decision,
    TEXT,
    st.sampled_from(Action),
    TEXT,
    TEXT,
    MOMENTS,
    TEXT,
    TEXT,
    st.lists(st.builds(Change, TEXT, TEXT, TEXT)).map(tuple),
)
STEPS = st.builds(DeliveryStep, TEXT, st.integers(0, 9), st.none() | MOMENTS, TEXT, TEXT)
NOUNS = st.one_of(
    IDENTITIES,
    APPLICATIONS,
    LOOKUPS,
    DECISIONS,
    st.builds(Delivery, TEXT, TEXT, st.lists(STEPS, max_size=2).map(tuple)),
    st.builds(OpenVisit, TEXT, TEXT, IDENTITIES, st.none() | IDENTITIES),
    st.builds(VisitOpened, LOOKUPS, DAYS.map(date.isoformat), TEXT, st.lists(NEWS, max_size=2).map(tuple)),
    st.builds(Heard, st.lists(TEXT, max_size=3).map(tuple)),
    st.builds(Correction, TEXT, TEXT, TEXT, TEXT, TEXT, DISPUTES, TEXT, MOMENTS),
    st.builds(Submitted, TICKETS, TEXT),
    st.builds(Refusal, TEXT, st.lists(st.builds(Problem, TEXT, TEXT, TEXT), max_size=2).map(tuple)),
    st.builds(SealedVisit, APPLICATIONS),
)


@given(NOUNS)
def test_every_noun_comes_back_as_it_went(noun: object) -> None:
    assert from_json(type(noun), to_json(noun)) == noun
    assert from_json(type(noun), to_json(noun).decode()) == noun


@given(st.dictionaries(TEXT, st.builds(Answer, TEXT, SOURCES), min_size=2, max_size=5))
def test_the_order_of_answers_does_not_change_the_bytes(answers: dict[str, Answer]) -> None:
    turned = dict(reversed(answers.items()))
    assert to_json(answers) == to_json(turned)


def test_a_rare_character_and_a_moment_survive() -> None:
    opened = OpenVisit("hk-macau-permit", "2", identity("rare"))
    assert "梁𠮷彤" in to_json(opened).decode()
    found = VisitOpened(lookup("lyu"), "2026-11-23")
    again = from_json(VisitOpened, to_json(found))
    assert again.lookup.at == datetime(2026, 11, 23, 1, 12, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"{",
        b"[]",
        b'{"matter": "\xff"}',
        b'{"matter": "m", "identity": "440602199202299863"}',
        b'{"matter": "m", "identity": {"number": 440602199202299863}}',
        b"[" * 100_000,
        b'{"unknown": ' * 100_000,
    ],
    ids=["nothing", "null", "cut", "list", "not utf-8", "text", "number", "deep list", "deep object"],
)
def test_what_is_not_understood_is_one_error(text: bytes) -> None:
    with pytest.raises(NotUnderstood) as caught:
        from_json(OpenVisit, text)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "440602" not in str(caught.value)


@given(TEXT.filter(lambda text: len(text) > 3), st.sampled_from(["number", "birth", "assurance", "warnings"]))
def test_an_error_never_repeats_the_input(text: str, field: str) -> None:
    wrong = json.loads(to_json(OpenVisit("m", "1", identity("lyu"))))
    wrong["identity"][field] = {text: text}
    with pytest.raises(NotUnderstood) as caught:
        from_json(OpenVisit, json.dumps(wrong))
    assert str(caught.value) in (f"not a OpenVisit `$.identity.{field}`", "not a OpenVisit")


@given(st.binary(max_size=60))
def test_any_bytes_are_understood_or_refused(noise: bytes) -> None:
    with pytest.raises(NotUnderstood):
        from_json(Application, noise)


def test_a_picture_keeps_every_byte_and_its_digest() -> None:
    attached = Attached("image/jpeg", bytes(range(256)))
    again = from_json(Attached, to_json(attached))
    assert (again, again.digest) == (attached, attached.digest)


def test_a_message_without_a_flow_version_is_not_understood() -> None:
    older = json.loads(to_json(OpenVisit("m", "1", identity("lyu"))))
    del older["flow_version"]
    with pytest.raises(NotUnderstood):
        from_json(OpenVisit, json.dumps(older))


def test_another_version_is_not_understood() -> None:
    newer = to_json(OpenVisit("m", "1", identity("lyu"))).replace(b'"version":1', b'"version":2')
    with pytest.raises(NotUnderstood):
        from_json(OpenVisit, newer)
