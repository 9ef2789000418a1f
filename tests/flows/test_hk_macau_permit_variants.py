"""The variants of the permit: children, officials, an end that is near, odd names, silence and conflict."""

from __future__ import annotations

from dataclasses import replace

from flows.application import LEFT_TO_COUNTER, Lookup, Outcome, Record, SourceAnswer, SourceKind
from flows.compare import DifferenceKind, compare
from flows.exit_entry import validity_years
from flows.flow import Route
from flows.fold import Given, share, start
from flows.matters.hk_macau_permit import FLOW
from flows.recheck import recheck
from tests.flows.people import (
    AUTHORITY,
    ENDORSE,
    NOW,
    PEOPLE,
    REGION,
    TODAY,
    application,
    begin_and_fold,
    identity,
    lookup,
)

CHILD = {**ENDORSE, "guardian": Given({"guardian_phone": "13929910137"}), "pinyin_new": Given({}), "held": Given({"held": "no"})}


def test_variant_a_a_child_without_a_card_applies_first_and_the_register_proves_the_parent() -> None:
    state = begin_and_fold(FLOW, "baby", {**CHILD, "contact": Given({"mobile": "13802845678"})}, guardian="lyu")
    assert (state.page, dict(state.mistakes)) == (None, {})
    known = state.known
    assert (known["kind"], known["name"], known["number"]) == ("FIRST", "陈一诺", "440604201903054028")
    assert (known["guardian_name"], known["guardian_relation"], known["guardian_proof"]) == ("吕晓岚", "MOTHER", "REGISTER")
    assert (known["new_surname"], known["new_given_names"]) == ("CHEN", "YINUO")
    assert (validity_years(known), FLOW.route(known), FLOW.fee(known).yuan) == (5, Route.TERMINAL, 105)
    names = {page.name for page in FLOW.asked(known)}
    assert not {"status", "work"} & names
    sent, found = application(FLOW, "baby", state, guardian="lyu"), lookup("baby", guardian="lyu")
    assert recheck(FLOW, sent, found, TODAY, REGION) == ()


def test_variant_a_a_guardian_from_another_household_brings_the_proof_and_goes_on() -> None:
    guardian = Given({"guardian_relation": "OTHER", "guardian_phone": "13702840026"})
    given = {**CHILD, "guardian": guardian, "kind": Given({"kind": "RENEW"}), "renewal": Given({"renewal_reason": "CHANGED"})}
    state = begin_and_fold(FLOW, "child", given, guardian="holder")
    assert state.page is None
    assert (state.known["guardian_proof"], state.known["guardian_relation"]) == ("PAPER", "OTHER")
    assert FLOW.route(state.known) is Route.TERMINAL


def test_variant_a_a_guardians_relation_that_the_register_shows_cannot_be_claimed_otherwise() -> None:
    given = {**CHILD, "contact": Given({"mobile": "13802845678"})}
    given["guardian"] = Given({"guardian_relation": "OTHER", "guardian_phone": "13802845678"})
    assert begin_and_fold(FLOW, "baby", given, guardian="lyu").known["guardian_relation"] == "MOTHER"


def test_variant_a_a_child_alone_goes_to_the_counter() -> None:
    assert FLOW.route(start(FLOW, identity("child"), lookup("child"), TODAY)) is Route.COUNTER


def test_variant_b_a_list_hit_is_the_counter_before_any_question_and_says_nothing() -> None:
    known = start(FLOW, identity("filed"), lookup("filed"), TODAY, region=REGION)
    assert FLOW.route(known) is Route.COUNTER
    words = {page.lead + page.title + "".join(field.label + field.hint for field in page.fields) for page in FLOW.pages}
    assert not [text for text in words if any(hint in text for hint in ("不准出境", "名单", "报备", "限制", "布控"))]


def test_variant_c_five_months_left_means_renewal_first() -> None:
    state = begin_and_fold(FLOW, "expiring", {**ENDORSE, "kind": Given({"kind": "ENDORSE"})})
    assert state.page is not None
    assert (state.page.name, state.mistakes) == ("kind", {"kind": "有效期不足 6 个月，请先换发"})
    state = begin_and_fold(FLOW, "expiring", {**ENDORSE, "kind": Given({"kind": "RENEW"}), "renewal": Given({})})
    assert (state.page, FLOW.fee(state.known).yuan) == (None, 105)


def test_variant_e_a_name_longer_than_the_chip_keeps_the_spelling_of_the_earlier_document() -> None:
    given = {**ENDORSE, "kind": Given({"kind": "REISSUE_DAMAGED"})}
    state = begin_and_fold(FLOW, "uyghur", given)
    assert state.page is None
    exit_entry = PEOPLE["uyghur"]["exit_entry"]
    assert (state.known["surname"], state.known["given_names"]) == (exit_entry["surname"], exit_entry["given_names"])
    assert state.known.answers["surname"].source.kind is SourceKind.DEPARTMENT


def test_variant_e_without_an_earlier_document_a_minority_name_can_be_left_to_the_counter() -> None:
    silent = lookup("uyghur", silent=("exit_entry",))
    given = {
        **ENDORSE,
        "held": Given({"held": "no"}),
        "pinyin_new": Given({}, frozenset({"new_surname", "new_given_names"})),
    }
    state = begin_and_fold(FLOW, "uyghur", given, silent)
    assert state.page is None
    assert state.known.answers["new_surname"].source == LEFT_TO_COUNTER


def test_variant_h_with_every_department_silent_what_the_card_does_not_say_is_asked_or_left() -> None:
    silent = lookup("lyu", silent=AUTHORITY)
    left = {
        name: Given(given.values, frozenset(f.name for f in PAGES[name] if f.may_be_left), given.attached)
        for name, given in ENDORSE.items()
        if name in PAGES
    }
    given = {
        **left,
        "held": Given({"held": "yes"}),
        "permit": Given({"permit_number": "C23456781", "permit_expiry": "20251008"}, frozenset({"permit_issued"})),
        "pinyin_new": Given({}),
        "contact": Given({"mobile": "13802845678"}),
        "photo": ENDORSE["photo"],
        "declaration": ENDORSE["declaration"],
        "echannel": Given({}),
    }
    state = begin_and_fold(FLOW, "lyu", given, silent)
    assert (state.page, dict(state.mistakes)) == (None, {})
    assert (state.known["kind"], state.known["new_surname"]) == ("REAPPLY", "LYU")
    assert state.known.answers["permit_number"].source.kind is SourceKind.CITIZEN
    assert (FLOW.fee(state.known).yuan, FLOW.term(state.known)) == (105, None)
    assert recheck(FLOW, application(FLOW, "lyu", state), silent, TODAY, REGION) == ()


PAGES = {page.name: page.fields for page in FLOW.pages}


def test_variant_h_a_permit_that_the_citizen_reads_as_expired_is_applied_for_again() -> None:
    given = {**ENDORSE, "held": Given({"held": "yes"}), "permit": Given({"permit_expiry": "20261122"}, LEFT)}
    silent = lookup("unknown", silent={"exit_entry"})
    state = begin_and_fold(FLOW, "unknown", {**given, "pinyin_new": Given({}), "kind": Given({"kind": "ENDORSE"})}, silent)
    assert state.known["kind"] == "REAPPLY"


LEFT = frozenset({"permit_number", "permit_issued"})


def test_variant_k_a_conflict_over_the_ethnic_group_keeps_the_cards_value_and_shows_the_other() -> None:
    found = lookup("lyu")
    other = SourceAnswer("household", "", Outcome.RECORD, (Record("person.ethnic_group", "08", "household", NOW),))
    differs = Lookup(NOW, (other, *found.sources))
    state = begin_and_fold(FLOW, "lyu", ENDORSE, differs)
    assert (state.page, state.known["ethnic_group"]) == (None, "01")
    shown = compare(FLOW, application(FLOW, "lyu", state), differs)
    assert (shown[0].field, shown[0].kind, shown[0].record) == ("ethnic_group", DifferenceKind.CONFLICT, "壮族")


def test_the_photo_and_what_was_said_of_oneself_serve_the_passport_too() -> None:
    state = begin_and_fold(FLOW, "lyu", ENDORSE)
    shared = share(FLOW, state.known.answers)
    assert {"photo.exit_entry", "home.lives_at", "person.public_servant", "contact.emergency_phone"} <= set(shared)
    assert "kind" not in shared


def test_an_endorsement_is_not_asked_where_somebody_lives_though_another_matter_knows_it() -> None:
    said = share(FLOW, begin_and_fold(FLOW, "lyu", ENDORSE).known.answers)
    said = {**said, "home.lives_at": replace(said["home.lives_at"], value="elsewhere")}
    known = start(FLOW, identity("holder"), lookup("holder"), TODAY, region=REGION, shared=said)
    asked = {page.name for page in FLOW.asked(known)}
    assert "elsewhere" not in asked
