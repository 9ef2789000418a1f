"""The twelve variants of the worked case, (a) to (l), each as a citizen and a clerk live through it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from flows.application import Action, SourceKind, Status
from flows.compare import DifferenceKind, compare
from flows.matters import MATTERS
from flows.recheck import recheck
from hall.amendments import Said
from kiosk.view import Tone, View
from kiosk.visit import Ended
from tests.kiosk.people import HOLDER, LYU, NOW, lookup
from tests.visits import test_variants, test_visits, world
from tests.visits.moments import DONE
from tests.visits.playing import Story, play, words_on
from tests.visits.real_hall import REGION, real_hall
from tests.visits.specimen_hall import BY_KEY
from tests.visits.stories import AFTER_CARD, SHOW_CARD
from tests.visits.stories_permit import HOLDERS, LOST, PERMIT_STORIES, SUBMIT, comes, until_review

FLOW = MATTERS["hk-macau-permit"]
ENDORSES = PERMIT_STORIES[0]
WINDOW, CLERK = "5", "zhang"


def permit(name: str) -> test_variants.Told:
    return test_variants.told(f"hk-macau-permit: {name}")


def everything_on(seen: list[View]) -> str:
    return "\n".join(map(words_on, seen))


def test_variant_a_a_child_under_16_without_a_chip_card_applies_by_number_with_a_guardians_card() -> None:
    went = permit("a child without a card, with a parent")
    application = went.application
    assert (application.identity.number, application.identity.document) == (BY_KEY["baby"]["number"], "typed")
    assert application.guardian is not None
    assert application.guardian.number == BY_KEY["lyu"]["number"]
    assert {"public_servant", "soldier", "employer"}.isdisjoint(application.answers)
    answers = {name: application.answers[name].value for name in ("name", "guardian_relation", "guardian_proof")}
    assert answers == {"name": BY_KEY["baby"]["name"], "guardian_relation": "MOTHER", "guardian_proof": "REGISTER"}
    assert "未满 16 周岁" in everything_on(went.seen)


def test_variant_b_somebody_on_file_sees_neutral_words_and_gets_a_ticket() -> None:
    went = permit("somebody whom exit-entry sends to the counter, without a word why")
    assert went.ended is Ended.TICKET
    assert went.application.to_counter
    assert "permit.route" not in went.application.answers
    (slip,) = went.stage.printer.slips.values()
    for word in ("报备", "备案", "国家工作人员", "名单", "不准"):
        assert word not in everything_on(went.seen) + str(slip)
    assert [view.title for view in went.seen if view.kind == "message"] == ["请到人工窗口办理"]


def test_variant_c_a_card_with_five_months_left_is_renewed_first() -> None:
    went = permit("a permit that ends in five months is renewed first")
    (kinds, *_) = [line.picks for view in went.seen for line in view.lines if line.name == "kind"]
    refused = {pick.key: pick.why_not for pick in kinds}
    assert refused["ENDORSE"] == "有效期不足 6 个月，请先换发"
    assert refused["RENEW"] == ""
    assert went.application.answers["renewal_reason"].value == "EXPIRING"


def test_variant_d_a_permit_of_hong_kong_macau_or_taiwan_is_named_and_nobody_is_asked_about_it() -> None:
    played = test_visits.told("a residence permit of Hong Kong, Macau or Taiwan")
    (said, *_) = [view for view in played.seen if "面向内地居民" in view.lead]
    assert (said.art, said.tone) == ("take", Tone.CARE)
    assert "人工窗口" in said.lead
    assert [identity.number for _, _, identity in played.stage.hall.opened] == [LYU.number]


def test_variant_e_a_name_with_dots_that_the_chip_cuts_goes_on_whole_in_letters() -> None:
    went = permit("a name with a dot, cut by the chip")
    application, said = went.application, went.hall.lookups[went.application.visit]
    assert len(application.identity.name) == 15 < len(BY_KEY["uyghur"]["name"])
    names = [d for d in compare(FLOW, application, said) if d.item == "person.name"]
    assert {difference.kind for difference in names} == {DifferenceKind.CUT}


@pytest.mark.parametrize(("name", "surname", "given"), [("欧阳雪", "OUYANG", "XUE"), ("单怀瑾", "SHAN", "HUAIJIN")])
def test_variant_e_a_compound_or_rare_surname_is_proposed_whole(name: str, surname: str, given: str) -> None:
    values = {"person.name": name, "permit.surname": "", "permit.given_names": ""}
    moments = (*comes(replace(HOLDER, name=name)), until_review(SUBMIT, LOST), *DONE)
    story = Story("named", moments, Ended.TICKET, before=world.hall_says(of=HOLDER, changed=values))
    (application,) = asyncio.run(play(story)).stage.hall.submissions
    assert (application.answers["new_surname"].value, application.answers["new_given_names"].value) == (surname, given)
    assert application.answers["new_surname"].source.kind is SourceKind.RULE


def test_variant_f_a_reader_that_goes_while_it_reads_costs_no_more_than_laying_the_card_again() -> None:
    played = test_visits.told("the reader goes while a card is read and comes back")
    assert "读卡器暂时不能使用，正在恢复，请稍候" in {view.lead for view in played.seen}
    assert len(played.stage.hall.submissions) == 1


def test_variant_f_a_reader_that_goes_in_the_middle_ends_the_visit_and_nothing_is_sent() -> None:
    played = test_visits.told("the reader goes in the middle")
    assert test_visits.everything_sent(played) == []
    assert played.stage.hall.left == [visit for visit, _, _ in played.stage.hall.opened]


def test_variant_g_without_paper_the_number_is_on_the_screen_to_be_written_down() -> None:
    played = test_visits.told("the paper is out")
    last = played.shown[-1]
    assert last.number == next(iter(played.stage.hall.tickets.values())).number
    assert "请记下或拍下这个号码" in words_on(last)
    assert played.stage.printer.slips == {}


@pytest.mark.parametrize("name", ["every department is silent", "the hall is away"])
def test_variant_h_with_the_exchange_down_the_citizen_types_and_the_cards_values_are_marked(name: str) -> None:
    went = permit(name)
    (who, *_) = [view for view in went.seen if view.title == "请核对身份"]
    marked = {line.name: {tag.text: tag.tone for tag in line.tags} for line in who.lines if line.value}
    assert all(tags.get("未比对") is Tone.CARE for tags in marked.values())
    answers = went.application.answers
    assert answers["mobile"].source.kind is SourceKind.CITIZEN
    assert answers["address"].source.kind is SourceKind.COUNTER
    assert not [answer for answer in answers.values() if answer.source.kind is SourceKind.DEPARTMENT]


def test_variant_i_the_same_person_at_two_terminals_has_one_live_application(tmp_path: Path) -> None:
    async def story() -> None:
        async with real_hall(tmp_path) as hall:
            first, second = await asyncio.gather(hall.visited(ENDORSES, "K07"), hall.visited(ENDORSES, "K08"))
            statuses = sorted([(await hall.store.standing(visit)).status for visit in (first.visit, second.visit)])
            assert statuses == [Status.REPLACED, Status.SUBMITTED]
            called = await hall.queue.call_next(WINDOW, CLERK, "call")
            assert called in (first.visit, second.visit)
            assert await hall.queue.call_next("6", "wang", "call another") is None

    asyncio.run(story())


def test_variant_j_whoever_missed_the_call_is_requeued_with_the_same_number(tmp_path: Path) -> None:
    async def story() -> None:
        async with real_hall(tmp_path) as hall:
            visit = (await hall.visited(ENDORSES, "K07")).visit
            number = (await hall.store.standing(visit)).ticket.number
            await hall.queue.call_next(WINDOW, CLERK, "call")
            await hall.queue.recall(visit, WINDOW, CLERK, "recall")
            hall.clock.later(minutes=3)
            await hall.queue.miss(visit, WINDOW, CLERK, "miss")
            assert await hall.queue.call_next(WINDOW, CLERK, "nobody waits") is None
            await hall.queue.requeue(visit, CLERK, "requeue")
            (line,) = await hall.queue.lines()
            assert (line.ticket.number, line.status) == (number, Status.SUBMITTED)
            assert await hall.queue.call_next(WINDOW, CLERK, "call again") == visit

    asyncio.run(story())


def test_variant_k_another_ethnic_group_in_the_register_is_the_clerks_to_see() -> None:
    said = lookup(changed={"person.ethnic_group": "11"})
    says = world.hall_says(changed={"person.ethnic_group": "11"})
    story = Story("differs", (*SHOW_CARD, *AFTER_CARD), Ended.TICKET, before=says)
    (application,) = asyncio.run(play(story)).stage.hall.submissions
    assert recheck(FLOW, application, said, NOW.date(), REGION) == ()
    found = [d for d in compare(FLOW, application, said) if d.item == "person.ethnic_group"]
    assert [(d.answer, d.department, d.record, d.kind) for d in found] == [("汉族", "household", "满族", DifferenceKind.CONFLICT)]


def test_variant_l_whoever_was_sent_for_papers_comes_back_next_week_with_the_same_number(tmp_path: Path) -> None:
    async def story() -> None:
        async with real_hall(tmp_path) as hall:
            visit = (await hall.visited(ENDORSES, "K07")).visit
            number = (await hall.store.standing(visit)).ticket.number
            await hall.queue.call_next(WINDOW, CLERK, "call")
            missing = Said("MATERIAL_MISSING", "请带户口簿原件")
            returned = await hall.desk.decide(visit, Action.RETURN, window=WINDOW, clerk=CLERK, key="return", said=missing)
            assert returned is Status.RETURNED
            hall.clock.later(days=7)
            await hall.queue.requeue(visit, CLERK, "back")
            assert await hall.queue.call_next("6", "wang", "next week") == visit
            case = await hall.desk.case(visit, "6", "wang")
            assert (case.ticket.number, case.ticket.visit, case.status) == (number, visit, Status.CALLED)
            assert case.application.answers["hong_kong"].value == HOLDERS["hong_kong"]
            assert case.decisions[-3].note == "请带户口簿原件"

    asyncio.run(story())
