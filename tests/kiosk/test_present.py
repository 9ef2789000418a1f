"""From answers to views: where values come from, what can be done about them, and what is never shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.application import Answer, Identity, Lookup, Outcome, Source, SourceAnswer, SourceKind
from flows.fields import Text
from flows.flow import Field, Flow, Known, Page, no_fee
from flows.fold import Given, start
from flows.matters import MATTERS
from flows.party import child_of
from kiosk.draft import Draft
from kiosk.identity import identify
from kiosk.origin import Facts
from kiosk.present import Look, attract_view, countdown_view, notice_view, sources_done
from kiosk.present_pages import can_be_given, page_view, review_view
from kiosk.view import Group, Line, Tone, View
from tests.kiosk.fakes import PLACE, WORDS
from tests.kiosk.people import LYU, NOW, TITLES, lookup
from tests.visits.small_matters import BADGE, CHILD, FOR_CHILD, TRAVEL

TODAY = date(2026, 11, 23)
ME: Identity = identify(LYU, TODAY)
SPECIMEN = MATTERS["specimen"]
CHINESE = Look(WORDS["zh"], False, NOW, PLACE)
ENGLISH = Look(WORDS["en"], False, NOW, PLACE)


def page_of(flow: Flow, name: str, said: Lookup | None, look: Look = CHINESE, entered: Given | None = None) -> View:
    draft = Draft(flow, start(flow, ME, said, TODAY))
    page = next(page for page in flow.pages if page.name == name)
    return page_view(look, draft, page, Facts(ME, said), entered)


def line(view: View, name: str) -> Line:
    return next(line for line in view.lines if line.name == name)


def group(view: View, title: str) -> Group:
    return next(group for group in view.groups if group.title == title)


def tags(view: View, name: str) -> list[tuple[str, Tone]]:
    return [(tag.text, tag.tone) for tag in line(view, name).tags]


def test_a_value_of_the_card_that_a_department_confirms_is_plain() -> None:
    assert tags(page_of(TRAVEL, "who", lookup()), "name") == [("身份证", Tone.PLAIN)]


def test_a_value_of_the_card_that_nobody_confirmed_is_marked() -> None:
    view = page_of(TRAVEL, "who", lookup(silent={"household": "down"}))
    assert tags(view, "sex") == [("身份证", Tone.PLAIN), ("未比对", Tone.CARE)]


def test_a_value_of_a_department_carries_its_name_and_day() -> None:
    assert tags(page_of(TRAVEL, "household", lookup()), "address") == [("公安户籍 · 2019-05-20", Tone.PLAIN)]


def test_a_value_in_doubt_is_marked_and_the_department_is_not_blamed_elsewhere() -> None:
    view = page_of(TRAVEL, "household", lookup(doubt="household.address"))
    assert ("登记机关正在核实", Tone.CARE) in tags(view, "address")
    assert ("登记机关正在核实", Tone.CARE) not in tags(view, "police_station")


@pytest.mark.parametrize("reason", ["late", "down", "garbled", "wrong_person"])
def test_a_silent_department_is_named_and_its_values_can_be_left(reason: str) -> None:
    view = page_of(TRAVEL, "household", lookup(silent={"household": reason}))
    assert view.notice == "公安户籍没有回应，相关内容请填写，或留给窗口"
    assert (line(view, "address").kind, line(view, "address").leave) == ("text", "留给窗口填写")


def test_two_silent_departments_are_both_named() -> None:
    view = page_of(TRAVEL, "permit", lookup(silent={"household": "late", "exit_entry": "down"}), ENGLISH)
    assert view.notice.startswith("No answer from Household Register, Exit and Entry.")


def test_what_was_collected_of_a_silent_department_is_shown_with_its_age_and_can_be_corrected() -> None:
    said = lookup(collected=("household",))
    view = page_of(TRAVEL, "household", said)
    assert tags(view, "address") == [("公安户籍 · 2019-05-20", Tone.PLAIN), ("2026-11-19 归集", Tone.CARE)]
    assert (line(view, "address").kind, line(view, "address").leave) == ("text", "留给窗口填写")
    came = {source.title: (source.state, source.tone) for source in sources_done(CHINESE, said.sources)}
    assert came["公安户籍"] == ("没有回应 · 2026-11-19 归集", Tone.CARE)
    assert came["出入境管理"] == ("已取得", Tone.GOOD)


def test_a_silent_department_and_a_collected_one_are_both_named() -> None:
    aged = page_of(TRAVEL, "who", lookup(collected=("household",)))
    assert aged.notice == "公安户籍没有回应，用的是以前归集的资料，请核对"
    view = page_of(TRAVEL, "who", lookup(collected=("household",), silent={"exit_entry": "late"}))
    assert view.notice == "出入境管理没有回应，相关内容请填写，或留给窗口；公安户籍没有回应，用的是以前归集的资料，请核对"


def test_a_page_with_nothing_missing_does_not_alarm_anybody() -> None:
    assert page_of(TRAVEL, "permit", lookup(silent={"household": "late"})).notice == ""


def test_no_record_is_not_no_answer() -> None:
    said = Lookup(NOW, tuple(SourceAnswer(code, title, Outcome.NO_RECORD) for code, title in TITLES.items()))
    assert page_of(TRAVEL, "who", said).notice == ""
    assert {source.state for source in sources_done(CHINESE, said.sources)} == {"没有登记"}


def test_options_that_are_not_on_offer_stand_together_below_the_others_with_their_reason() -> None:
    picks = line(page_of(TRAVEL, "hong_kong", lookup()), "hong_kong").picks
    assert [pick.why_not for pick in picks] == [*[""] * (len(picks) - 1), "请到人工窗口办理"]
    assert picks[-1].label.startswith("探亲、商务")


def test_a_note_that_is_the_same_for_every_option_is_said_once() -> None:
    choice = line(page_of(TRAVEL, "hong_kong", lookup()), "hong_kong")
    assert choice.hint == "每次最多停留 7 天"
    assert {pick.note for pick in choice.picks} == {""}


def test_a_locked_value_is_for_reading_and_the_number_shows_its_ends_only() -> None:
    number = line(page_of(TRAVEL, "who", lookup()), "number")
    assert (number.kind, number.value, number.raw) == ("shown", "4****************3", "")


def test_every_kind_of_field_is_given_in_its_own_way() -> None:
    kinds = {line.name: line.kind for page in SPECIMEN.pages for line in page_of(SPECIMEN, page.name, lookup()).lines}
    for name, kind in (("code", "latin"), ("day", "digits"), ("fruit", "choice"), ("note", "text"), ("name", "shown")):
        assert kinds[name] == kind, name


def test_what_is_not_on_offer_is_there_with_its_reason() -> None:
    picks = {pick.key: pick for pick in line(page_of(SPECIMEN, "choices", lookup()), "fruit").picks}
    assert picks["peach"].why_not == "这个季节没有"
    assert picks["apple"].why_not == ""


def test_what_was_entered_stands_where_it_was_and_goes_back_unchanged() -> None:
    view = page_of(TRAVEL, "contact", lookup(), entered=Given({"mobile": "13900001111"}))
    assert (line(view, "mobile").value, line(view, "mobile").raw) == ("139 0000 1111", "13900001111")
    assert line(view, "mobile").tags == ()


def test_what_was_left_to_the_counter_is_still_left() -> None:
    silent = lookup(silent={"household": "late"})
    view = page_of(TRAVEL, "household", silent, entered=Given({}, frozenset({"address"})))
    assert (line(view, "address").left, line(view, "police_station").left) == (True, False)


def test_words_are_translated_but_what_an_office_wrote_is_not() -> None:
    view = page_of(TRAVEL, "who", lookup(), ENGLISH)
    assert (line(view, "sex").value, line(view, "ethnic_group").value) == ("Female", "Han")
    assert line(view, "name").value == "吕晓岚"
    assert line(page_of(TRAVEL, "household", lookup(), ENGLISH), "address").value.startswith("广东省")


def test_the_first_page_has_no_way_back() -> None:
    assert [button.name for button in page_of(TRAVEL, "who", lookup()).buttons] == ["quit", "next"]


def filled() -> tuple[Draft, Facts]:
    draft = Draft(TRAVEL, start(TRAVEL, ME, lookup(), TODAY))
    values = {"hong_kong": "HK-G-12-2"}
    for page in TRAVEL.pages:
        assert draft.page is page
        draft = draft.answer(page, Given({f.name: values[f.name] for f in page.fields if f.name in values}))
    return draft, Facts(ME, lookup())


def test_the_review_lets_what_can_change_be_changed_and_adds_up_the_fee() -> None:
    view = review_view(CHINESE, *filled())
    edits = {group.title: group.edit.value if group.edit else "" for group in view.groups}
    assert edits["请核对身份"] == ""
    assert edits["去香港吗"] == "hong_kong"
    assert [(line.label, line.value) for line in group(view, "费用").lines] == [("香港 个人旅游 一年两次", "30 元")]
    assert view.total == "共 30 元，在窗口缴纳"


def test_the_review_begins_with_what_the_citizen_decided() -> None:
    edits = [group.edit is not None for group in review_view(CHINESE, *filled()).groups]
    assert edits == sorted(edits, reverse=True)


def test_the_review_repeats_only_the_marks_that_want_care() -> None:
    draft, _ = filled()
    silent = lookup(silent={"household": "late"})
    views = (review_view(CHINESE, draft, Facts(ME, said)) for said in (lookup(), silent))
    confirmed, not_compared = (group(view, "请核对身份").lines for view in views)
    assert not any(line.tags for line in confirmed)
    assert [tag.text for tag in not_compared[2].tags] == ["未比对"]


def test_the_review_in_english_has_the_same_fee_in_words() -> None:
    view = review_view(ENGLISH, *filled())
    assert [line.label for line in group(view, "Fee").lines] == ["Hong Kong: individual, 1 year, 2 entries"]
    assert view.total == "¥30 in total, paid at the counter"


def test_a_matter_without_a_fee_says_so() -> None:
    draft, facts = filled()
    free = replace(draft.flow, fee=no_fee)
    assert review_view(CHINESE, Draft(free, draft.begin, draft.given), facts).total == "不收费"


def test_chinese_text_that_must_be_there_cannot_be_given_on_a_touch_screen() -> None:
    must = Field(name="why", label="原因", kind=Text())
    flow = Flow(code="t", version="1", title="试验", pages=(Page(name="p", title="问", fields=(must,)),))
    empty = Draft(flow, Known({}, {}, TODAY))
    there = Draft(flow, Known({"why": Answer("探亲", Source(SourceKind.DEPARTMENT, "household"))}, {}, TODAY))
    assert not can_be_given(must, empty)
    assert can_be_given(must, there)
    assert can_be_given(replace(must, may_be_left=True), empty)


def test_without_a_reader_no_matter_is_on_offer_and_the_reason_is_said() -> None:
    view = attract_view(CHINESE, tuple(MATTERS.values()), ready=False)
    assert all(pick.why_not for pick in view.picks)
    assert view.notice
    assert not any(pick.why_not for pick in attract_view(CHINESE, (TRAVEL,), ready=True).picks)


def test_a_card_that_is_laid_first_is_seen_to_be_there() -> None:
    """Or whoever follows the screen's own words, and lays it before anything is chosen, waits for something to happen."""
    view = attract_view(CHINESE, tuple(MATTERS.values()), ready=True, laid=True)
    assert (view.title, view.lead) == ("卡已放好，请点要办的事", "请不要取走卡")
    assert view.picks


def test_the_notice_names_only_what_this_matter_asks() -> None:
    points = notice_view(CHINESE, SPECIMEN).points
    assert any("出生地" in point for point in points)
    assert not any("通行证" in point for point in points)


def test_the_countdown_changes_nothing_but_the_warning_and_the_buttons() -> None:
    before = page_of(TRAVEL, "contact", lookup())
    during = countdown_view(CHINESE, before, 7)
    assert "7 秒" in during.notice
    assert replace(during, notice=before.notice, buttons=before.buttons) == before


def test_what_a_rule_worked_out_is_fixed_and_says_so() -> None:
    draft = Draft(BADGE, start(BADGE, ME, lookup(), TODAY))
    draft = draft.answer(BADGE.pages[0], Given({})).answer(BADGE.pages[1], Given({}, frozenset({"photo"})))
    assert draft.page is not None
    view = page_view(CHINESE, draft, draft.page, Facts(ME, lookup()), None)
    assert (line(view, "group").kind, line(view, "group").value) == ("shown", "已满16岁")
    assert tags(view, "group") == [("按规定得出", Tone.PLAIN)]
    assert line(view, "since").kind == "digits"
    done = draft.answer(draft.page, Given({}))
    fixed = group(review_view(CHINESE, done, Facts(ME, lookup())), "得出的")
    assert [each.value for each in fixed.lines] == ["已满16岁"]


def test_a_warning_stands_beside_the_value_and_stops_nobody() -> None:
    odd = lookup(changed={"household.address": "广东省佛山市禅城区\ue001路36号"})
    view = page_of(TRAVEL, "household", odd)
    assert ("含有字库以外的字，请核对", Tone.CARE) in tags(view, "address")
    draft = Draft(TRAVEL, start(TRAVEL, ME, odd, TODAY)).answer(TRAVEL.pages[0], Given({})).answer(TRAVEL.pages[1], Given({}))
    assert not draft.mistakes


def test_latin_names_and_document_numbers_are_typed_and_chinese_is_not() -> None:
    kinds = {line.name: line.kind for page in SPECIMEN.pages for line in page_of(SPECIMEN, page.name, lookup()).lines}
    for name, kind in (("surname", "latin"), ("passport", "latin"), ("since", "digits"), ("alias", "text")):
        assert kinds[name] == kind, name
    assert kinds["signature"] == "signature"


def test_an_optional_consent_has_nothing_chosen_beforehand() -> None:
    view = page_of(SPECIMEN, "reminder", lookup())
    assert (line(view, "reminder").raw, line(view, "reminder").kind) == ("", "choice")
    assert [pick.label for pick in line(view, "reminder").picks] == ["同意", "不同意", "以后再说"]


def test_a_child_whose_number_was_typed_is_not_said_to_have_a_card() -> None:
    child = child_of(CHILD.number, TODAY)
    flow = FOR_CHILD
    draft = Draft(flow, start(flow, child, lookup(), TODAY, guardian=ME))
    view = page_view(CHINESE, draft, flow.pages[0], Facts(child, lookup(), ME), None)
    assert tags(view, "number")[0] == ("您填写的", Tone.PLAIN)
