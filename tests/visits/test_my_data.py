"""A citizen asks who used their data: what the hall is asked, what is on the screen and on paper, and what is not."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest

from devices.device import Completion
from kiosk.extract import Extract
from kiosk.present_usage import AT_ONCE
from kiosk.view import View
from kiosk.visit import Ended
from tests.kiosk.fakes import Stage
from tests.kiosk.people import LYU, MO, RECORDS
from tests.visits.playing import Played, ScriptedDisplay, Story, play, words_on
from tests.visits.stories_usage import LONG_STORIES, MANY, PERMIT, USAGE_STORIES, USES
from tests.visits.test_visits import CHINESE, told

WHOLE = "who used my data: every read, newest first"
VALUES = [value for records in RECORDS.values() for value in records.values() if len(value) > 3 and value != "terminal"]


def long(number: int) -> Played:
    return asyncio.run(play(LONG_STORIES[number]))


def lists(played: Played) -> list[View]:
    return [view for view in played.shown if view.kind == "review"]


def entries(view: View) -> list[str]:
    return [line.value for group in view.groups for line in group.lines if line.name.startswith("use")]


def words(extract: Extract) -> str:
    entries = [text for each in extract.readings for entry in each.entries for text in (each.heading, *entry)]
    return "\n".join([*(text for line in extract.lines for text in line), *entries, *extract.footer])


def test_every_read_is_on_the_screen_in_plain_words() -> None:
    (view,) = lists(told(WHOLE))
    assert len(entries(view)) == len(USES)
    assert view.total == f"共 {len(USES)} 条记录"
    said = {group.title: [(line.label, line.value) for line in group.lines] for group in view.groups}
    today = dict(said[f"2026-11-23，{PERMIT.title}"])
    assert today["08:43  3 号窗口工作人员"] == "打开了您的申请"
    assert today["08:14  自助终端 K07"].startswith("向公安户籍查询了：公民身份号码、姓名、性别")
    assert said["2026-11-23，您自己查看"] == [("09:12  自助终端 K07", "您看了这份记录")]
    assert ("09:12  自助终端 K02", "调出您的证明用于打印") in said["2026-11-20，社会保险参保证明"]
    assert said[f"2026-11-20，{PERMIT.title}"][0][1].startswith("查了大厅汇集的市场监督管理资料：")
    assert said[f"2026-10-24，{PERMIT.title}（为孩子办理）"][0][1].endswith("监护人户号、监护人与户主关系")


def test_what_the_hall_keeps_is_told_first() -> None:
    (view,) = lists(told(WHOLE))
    assert view.groups[0].title == "大厅现在存有您的"
    kept = [(line.label, line.value) for line in view.groups[0].lines]
    assert kept == [("申请", "2 件"), ("汇集的资料", "人口库、信用库"), ("正在核对的更正", "1 件")]


@pytest.mark.parametrize("story", USAGE_STORIES, ids=lambda story: story.name)
def test_no_screen_and_no_paper_shows_a_number_a_name_or_a_value(story: Story) -> None:
    played = told(story.name)
    seen = "\n".join([*map(words_on, played.seen), *map(words, played.stage.printer.extracts.values())])
    assert not [value for value in (*VALUES, LYU.number, LYU.name, LYU.address, MO.number) if value in seen]
    assert played.stage.hall.opened == [], "looking opens no visit"


def test_the_hall_is_asked_once_for_the_person_on_the_card_under_a_number_of_its_own() -> None:
    ((look, identity, before),) = told(WHOLE).stage.hall.looks
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", look)
    assert (identity.number, before) == (LYU.number, 0)


def test_a_lost_answer_is_asked_for_again_under_the_same_number() -> None:
    first, second = told("the answer of the hall is lost and asked for again").stage.hall.looks
    assert first == second


def test_a_long_list_comes_in_parts_and_none_of_it_is_missing() -> None:
    played = long(0)
    parts = list({view.total: entries(view) for view in lists(played)}.values())
    assert [len(part) for part in parts] == [AT_ONCE] * 51
    looks = played.stage.hall.looks
    assert [before for _, _, before in looks] == [0, 1000]
    assert len({look for look, _, _ in looks}) == 1
    buttons = [[button.name for button in view.buttons] for view in lists(played)]
    assert buttons[0] == ["older", "print", "not_mine", "done"]
    assert buttons[1] == ["newer", "older", "print", "not_mine", "done"]


def test_a_hall_that_goes_in_the_middle_is_said_so() -> None:
    assert long(1).ended is Ended.LOOKED


def test_paper_has_what_the_screen_has_with_the_name_in_stars() -> None:
    played = told("the list is printed once")
    ((job, extract),) = played.stage.printer.extracts.items()
    assert job.startswith(played.stage.hall.looks[0][0])
    assert extract.lines[:2] == (("姓名", "吕**"), ("打印时间", "2026-11-23 09:12"))
    on_paper = [f"{time}  {text}" for each in extract.readings for time, text in each.entries]
    lines = [line for group in lists(played)[0].groups for line in group.lines if line.name.startswith("use")]
    assert on_paper == [f"{line.label}：{line.value}" for line in lines]


def test_the_older_part_is_printed_as_a_paper_of_its_own() -> None:
    (extract,) = long(0).stage.printer.extracts.values()
    assert sum(len(each.entries) for each in extract.readings) == AT_ONCE
    assert extract.older
    assert extract.readings[0].heading.startswith((MANY[1000].at).date().isoformat())


def test_without_paper_it_is_said_and_the_button_stays() -> None:
    views = lists(told("the paper is out and comes back"))
    failed = [view for view in views if view.notice.startswith("没有打印出来")]
    assert failed
    assert all("print" in [button.name for button in view.buttons] for view in failed)
    assert "print" not in [button.name for button in views[-1].buttons]


def test_in_english_nothing_is_chinese() -> None:
    for view in told("who used my data, in English").seen[1:]:
        assert not CHINESE.search(words_on(view).replace("中文", "").replace("佛山市", "")), view.title


def test_the_first_screen_offers_it_beside_every_matter_and_the_notice_names_the_right() -> None:
    shown = told("a new permit with endorsements, from the card to the ticket").shown
    assert [(button.name, button.main) for button in shown[0].buttons] == [("my_data", False)]
    assert any("谁查过我的资料" in point for point in shown[1].points)


def test_the_screen_is_wiped_however_it_ends() -> None:
    for story in USAGE_STORIES:
        display = told(story.name).display
        assert isinstance(display, ScriptedDisplay)
        assert display.forgotten, story.name


def test_a_printer_that_breaks_otherwise_is_said_in_the_same_words() -> None:
    story = next(story for story in USAGE_STORIES if story.name == "the paper is out and comes back")

    def before(stage: Stage) -> None:
        story.before(stage)
        stage.printer.fault = Completion.HARDWARE_ERROR

    played = asyncio.run(play(replace(story, before=before)))
    assert any("没有打印出来" in view.notice for view in played.seen)
