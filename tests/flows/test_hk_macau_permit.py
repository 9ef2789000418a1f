"""The permit matter from begin to end: what is asked, charged and promised, and that the hall agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from flows.application import CITIZEN, Answer, Lookup, Outcome, Record, Source, SourceAnswer, SourceKind
from flows.calendar import due_day
from flows.exit_entry import validity_years
from flows.flow import FeeLine, Route, Term
from flows.fold import Given, State, start
from flows.matters.hk_macau_permit import FLOW
from flows.recheck import recheck
from tests.flows.people import ENDORSE, NOW, REGION, TODAY, application, begin_and_fold, identity, lookup, pictured

FIELD_SHEET = {
    "4": {"name": "吕晓岚"},
    "6": {"surname": "LYU", "given_names": "XIAOLAN"},
    "7": {"sex": "2"},
    "8": {"ethnic_group": "01"},
    "9": {"birth": "1992-02-29"},
    "10": {"birth_place": "广东"},
    "11": {"number": "440602199202299863"},
    "12": {"address": "广东省佛山市禅城区祖庙街道莲花路36号802房"},
    "13": {"police_station": "佛山市公安局禅城分局祖庙派出所", "station_code": "440604520000"},
    "14": {"lives_at": "household"},
    "15": {"mobile": "13802845678"},
    "16": {"emergency_name": "", "emergency_phone": "13902840011"},
    "20": {"occupation": "软件技术"},
    "21": {
        "employer": "佛山市禅城区云岫软件有限公司",
        "credit_code": "91440604MA9XK7P27D",
        "company_name": "佛山市禅城区云岫软件有限公司",
        "company_status": "存续",
    },
    "22": {"public_servant": "no", "soldier": "no"},
    "24-26": {"hong_kong": "HK-G-12-2", "macau": "MO-G-12-1"},
    "3": {"kind": "REAPPLY"},
    "31": {"permit_number": "C23456781", "permit_issued": "2015-10-09", "permit_expiry": "2025-10-08"},
    "35": {"delivery": "PICKUP"},
}
"""The main person's field sheet by the rows of the form; pictures apart."""
PICTURES = {"photo": "38", "echannel_signature": "36", "signature": "39"}


def agreed(
    key: str,
    given: Mapping[str, Given],
    found: Lookup | None = None,
    guardian: str = "",
    changed: Mapping[str, Answer] | None = None,
) -> tuple[State, tuple[str, ...]]:
    """Where somebody gets with these answers, and the codes of what the hall has against them."""
    found = found or lookup(key, guardian=guardian)
    state = begin_and_fold(FLOW, key, given, found, guardian=guardian)
    sent = application(FLOW, key, state, guardian=guardian)
    sent = replace(sent, answers={**sent.answers, **(changed or {})})
    return state, tuple(problem.code for problem in recheck(FLOW, sent, found, TODAY, REGION))


def asked(key: str, given: Mapping[str, Given], guardian: str = "") -> list[str]:
    state = begin_and_fold(FLOW, key, given, guardian=guardian)
    assert state.page is None, (state.page, state.mistakes)
    return [page.name for page in FLOW.asked(state.known)]


def test_the_main_persons_field_sheet_comes_out_value_by_value() -> None:
    state, problems = agreed("lyu", ENDORSE)
    assert (state.page, problems) == (None, ())
    sheet: dict[str, dict[str, str]] = {}
    for name, answer in state.known.answers.items():
        if name not in (*PICTURES, "echannel"):
            sheet.setdefault(FLOW.fields[name].row, {})[name] = answer.value
    assert sheet == FIELD_SHEET
    assert {name: FLOW.fields[name].row for name in PICTURES} == PICTURES
    assert state.known["echannel"] == "yes"


def test_the_main_person_pays_105_yuan_and_has_the_permit_by_the_second_of_december() -> None:
    known = begin_and_fold(FLOW, "lyu", ENDORSE).known
    fee = FLOW.fee(known)
    assert fee.lines == (
        FeeLine("往来港澳通行证", 60),
        FeeLine("香港 个人旅游 一年两次", 30),
        FeeLine("澳门 个人旅游 一年一次", 15),
    )
    assert (fee.yuan, fee.table, fee.unpriced) == (105, "收费标准 2019-07-01", ())
    term = FLOW.term(known)
    assert term == Term(7, "working_days")
    assert due_day(term, TODAY) == date(2026, 12, 2)
    assert validity_years(known) == 10
    assert FLOW.route(known) is Route.TERMINAL


def test_the_main_person_types_one_phone_number_and_chooses_the_rest() -> None:
    state = begin_and_fold(FLOW, "lyu", ENDORSE)
    said = {name for name, answer in state.known.answers.items() if answer.source.kind is SourceKind.CITIZEN}
    chosen = {"public_servant", "soldier", "hong_kong", "macau", "lives_at", "delivery", "echannel"}
    assert said == chosen | {"emergency_phone"} | set(PICTURES)
    assert state.known.answers["kind"].source == Source(SourceKind.RULE, "kind")


def test_eligibility_comes_before_anything_is_filled_in() -> None:
    names = asked("lyu", ENDORSE)
    assert names[:5] == ["status", "permit", "kind", "hong_kong", "macau"]
    assert names.index("who") == 5


def test_an_endorsement_alone_asks_for_no_photo_no_work_and_no_consent() -> None:
    given = {**ENDORSE, "kind": Given({"kind": "ENDORSE"})}
    assert asked("holder", given) == [
        *("status", "permit", "kind", "hong_kong", "macau", "who", "household", "contact", "delivery", "declaration")
    ]
    state, problems = agreed("holder", given)
    assert problems == ()
    assert [line.yuan for line in FLOW.fee(state.known).lines] == [30, 15]


def test_going_nowhere_is_a_new_card_alone_but_not_an_endorsement_alone() -> None:
    nowhere = {**ENDORSE, "hong_kong": Given({"hong_kong": "none"}), "macau": Given({"macau": "none"})}
    state, problems = agreed("lyu", nowhere)
    assert (state.page, problems, FLOW.fee(state.known).yuan) == (None, (), 60)
    state = begin_and_fold(FLOW, "holder", {**nowhere, "kind": Given({"kind": "ENDORSE"})})
    assert state.page is not None
    assert (state.page.name, state.mistakes) == ("macau", {"macau": "香港和澳门请至少选一个"})


LOSS = {
    "kind": Given({"kind": "REISSUE_LOST"}),
    "loss": Given({"loss_how": "STOLEN", "loss_day": "202610", "loss_place": "HK"}, frozenset({"loss_story"})),
    "loss_statement": pictured("loss_signature"),
}


def test_a_stolen_permit_is_declared_and_the_declaration_signed() -> None:
    state, problems = agreed("holder", {**ENDORSE, **LOSS})
    assert (state.page, problems) == (None, ())
    assert state.known["loss_day"] == "2026-10"
    assert state.known["loss_signature"] in state.known.attached
    assert FLOW.fee(state.known).lines[0] == FeeLine("往来港澳通行证", 60)


def test_without_the_signed_declaration_a_loss_goes_no_further() -> None:
    state = begin_and_fold(FLOW, "holder", {**ENDORSE, **LOSS, "loss_statement": Given({})})
    assert state.page is not None
    assert (state.page.name, state.mistakes) == ("loss_statement", {"loss_signature": "请填写这一项"})


def test_a_loss_in_the_future_is_a_mistake() -> None:
    loss = Given({"loss_how": "LOST", "loss_day": "20261124", "loss_place": "HK"}, frozenset({"loss_story"}))
    assert begin_and_fold(FLOW, "holder", {**ENDORSE, **LOSS, "loss": loss}).mistakes == {"loss_day": "日期在今天以后，请检查"}


def test_a_renewal_asks_why_and_proposes_the_end_that_is_near() -> None:
    given = {**ENDORSE, "kind": Given({"kind": "RENEW"}), "renewal": Given({})}
    state, problems = agreed("expiring", given)
    assert (state.page, problems) == (None, ())
    assert state.known.answers["renewal_reason"] == Answer("EXPIRING", Source(SourceKind.RULE, "renewal_reason"))


@pytest.mark.parametrize("answer", ["no", "later", ""])
def test_the_gates_are_optional_and_unsigned_when_not_agreed_to(answer: str) -> None:
    said = {"echannel": answer} if answer else {}
    state, problems = agreed("lyu", {**ENDORSE, "echannel": Given(said)})
    assert (state.page, problems) == (None, ())
    assert "echannel_signature" not in state.known.answers
    assert state.known["echannel"] == answer


def test_somebody_with_a_former_name_sees_it_and_nobody_else_is_asked() -> None:
    found = lookup("lyu")
    more = SourceAnswer("household", "", Outcome.RECORD, (Record("person.former_name", "吕小兰", "household", NOW),))
    state, problems = agreed("lyu", ENDORSE, Lookup(NOW, (*found.sources, more)))
    assert (state.known["former_name"], problems) == ("吕小兰", ())
    assert "former" not in asked("lyu", ENDORSE)


def test_a_pensioner_leaves_the_work_page_to_the_counter() -> None:
    work = Given({}, frozenset({"employer", "occupation"}))
    state, problems = agreed("elder", {**ENDORSE, "kind": Given({"kind": "REISSUE_DAMAGED"}), "work": work})
    assert (state.page, problems) == (None, ())
    assert state.known.answers["employer"].source.kind is SourceKind.COUNTER


def test_who_lives_elsewhere_is_asked_where_only_for_a_new_card() -> None:
    elsewhere = {
        **ENDORSE,
        "home": Given({"lives_at": "elsewhere"}),
        "elsewhere": Given({"live_address": "广东省佛山市南海区桂城街道南海大道北20号"}),
    }
    assert "elsewhere" in asked("lyu", elsewhere)
    assert "elsewhere" not in asked("holder", {**elsewhere, "kind": Given({"kind": "ENDORSE"})})


def test_a_permit_sent_by_post_needs_a_phone_of_the_receiver_and_proposes_ones_own() -> None:
    state, problems = agreed("lyu", {**ENDORSE, "delivery": Given({"delivery": "EMS"}), "post": Given({})})
    assert (state.known["recipient_phone"], problems) == ("13802845678", ())


def test_a_kind_that_the_rules_do_not_give_is_found_by_the_hall() -> None:
    forged = {"kind": Answer("ENDORSE", Source(SourceKind.RULE, "kind"))}
    assert agreed("lyu", ENDORSE, changed=forged)[1] == ("mistaken",)
    said = {"kind": Answer("RENEW", CITIZEN)}
    assert agreed("lyu", ENDORSE, changed=said)[1] == ("mistaken",)


def test_the_outcome_goes_to_exit_entry_alone_and_a_guardian_may_apply() -> None:
    assert (FLOW.told, FLOW.approvals, FLOW.for_child, FLOW.version) == (("exit_entry",), False, True, "2")
    assert FLOW.policy_version == "fees 2019-07-01; endorsements 2025-11-05; cities 2024-05-27"


def test_every_field_names_the_row_of_the_form_it_is_for() -> None:
    assert [name for name, field in FLOW.fields.items() if not field.row] == []


def test_politics_and_the_older_rows_are_asked_of_nobody() -> None:
    assert not {"17", "18", "19"} & {field.row for field in FLOW.fields.values()}


@pytest.mark.parametrize("key", ["filed", "child"])
def test_these_specimens_go_to_the_counter_before_any_question(key: str) -> None:
    assert FLOW.route(start(FLOW, identity(key), lookup(key), TODAY)) is Route.COUNTER
