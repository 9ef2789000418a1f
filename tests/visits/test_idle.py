"""When somebody is asked whether they are still there: only after a time without any finger on the glass."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from kiosk.view import Touch
from kiosk.visit import Ended
from tests.kiosk.fakes import Stage
from tests.kiosk.people import NOW
from tests.visits.moments import CARD as LAY
from tests.visits.moments import CHILDS_REST as AFTER_CARD
from tests.visits.moments import MOBILE, TAKEN, begin
from tests.visits.playing import Moment, Story, play
from tests.visits.small_matters import ADULTS_ONLY, BADGE
from tests.visits.world import World, both, fingers_after, offers, passes

SHOW_CARD = (*begin("adults-only"), LAY)

WARNING = "您还在吗？20 秒后"


def seconds_at(*moments: Moment, ends: Ended = Ended.TICKET, marked: str = WARNING) -> list[float]:
    """Plays a visit from its first record on; the seconds after the card at which the marked words were there first."""
    noted: list[float] = []

    def note(stage: Stage) -> None:
        noted.append((stage.time.now - NOW) / timedelta(seconds=1))

    at = next(number for number, moment in enumerate(moments) if moment.sees == marked)
    mark = Moment(moments[at].screen, note, sees=marked)
    asyncio.run(play(Story("idle", (*SHOW_CARD, *moments[:at], mark, *moments[at:]), ends, before=offers(ADULTS_ONLY))))
    return noted


def records(act: Touch | World, sees: str = "") -> Moment:
    return Moment("records", act, sees)


def test_whoever_touches_nothing_is_warned_after_a_minute() -> None:
    assert seconds_at(records(passes(60)), records(Touch("stay"), WARNING), *AFTER_CARD) == [60]


def test_whoever_types_slowly_is_warned_a_minute_after_the_last_finger() -> None:
    types = both(fingers_after(20, 59, 100), passes(160))
    assert seconds_at(records(types), records(Touch("stay"), WARNING), *AFTER_CARD) == [160]


def test_a_finger_anywhere_stops_the_countdown_and_the_minute_begins_anew() -> None:
    thinks = both(fingers_after(70), passes(130))
    again = records(lambda stage: None, "下一步")
    assert seconds_at(records(thinks), again, records(Touch("stay"), WARNING), *AFTER_CARD) == [60]
    later = (records(thinks), records(lambda stage: None, "您还在吗？11 秒后"), again)
    assert seconds_at(*later, records(Touch("stay"), WARNING), *AFTER_CARD) == [130]


def test_fingers_that_came_before_do_not_keep_the_screen_of_somebody_who_left() -> None:
    left = both(fingers_after(5, 10), passes(90))
    moments = (records(left), records(lambda stage: None, WARNING), TAKEN)
    assert seconds_at(*moments, ends=Ended.IDLE) == [70]


def test_a_language_chosen_on_the_first_screen_stays_while_somebody_touches_it() -> None:
    chosen = Moment("attract", Touch("language", {"value": "en"}))
    reads = Moment("attract", both(fingers_after(30), passes(89)))
    begins = (Moment("attract", Touch("adults-only")), Moment("notice", Touch("quit")))
    played = asyncio.run(play(Story("reads", (chosen, reads, *begins), Ended.QUIT, before=offers(ADULTS_ONLY))))
    assert [view.language for view in played.seen] == ["zh", "en", "en"]


def test_a_camera_that_goes_on_looking_does_not_hide_the_countdown() -> None:
    walks_away = Moment("photo", passes(80), sees="拍照")
    story = Story("camera", (*begin("badge"), LAY, MOBILE, walks_away, TAKEN), Ended.IDLE, before=offers(BADGE))
    seen = [view.notice for view in asyncio.run(play(story)).seen if view.kind == "photo"]
    warned = seen.index("您还在吗？20 秒后将清除全部内容")
    assert all(notice.startswith("您还在吗") for notice in seen[warned:])
    assert len(seen) - warned > 100
