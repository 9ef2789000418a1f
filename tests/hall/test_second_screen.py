"""The citizen's screen: what it shows, to whom it listens, and that nothing of the last one stays."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image

from flows.application import Action
from hall.amendments import Said
from hall.errors import FormNotUnderstood, NotAllowed, NotKnown, NotTaken, ScreenMoved
from hall.second_screen import PROMISE, Away, Called, Idle, Look, Rate, Sign
from hall.signatures import LARGEST_UPLOAD, signature_of
from hall.store.screens import Asking, Reply
from tests.hall.fakes import dump, visit_id
from tests.hall.screen_stage import NAME, SESSION, Screens, key, open_screens, written

ONE, TWO = visit_id(1), visit_id(2)


async def looked(stage: Screens) -> Look:
    """The first visit is at window 3 and looks its answers over."""
    await stage.hall.called(1)
    await stage.ask(ONE)
    shown = await stage.shown()
    assert isinstance(shown, Look)
    return shown


async def replies(stage: Screens, visit: str = ONE) -> list[Reply]:
    asked, _ = await stage.screens.asked(visit, "3")
    return [one.reply for one in asked]


def test_it_shows_what_the_window_does(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            seen = [await stage.shown()]
            await stage.hall.called(1)
            seen.append(await stage.shown())
            await stage.ask(ONE)
            look = await stage.shown()
            assert isinstance(look, Look)
            await stage.screens.answer(stage.token, look.id, right=True, mark=look.mark, wrong=(), key=key())
            seen.append(await stage.shown())
            await stage.ask(ONE, Asking.SIGN, PROMISE)
            sign = await stage.shown()
            assert isinstance(sign, Sign)
            await stage.screens.sign(stage.token, sign.id, NAME, key())
            seen.append(await stage.shown())
            await stage.hall.decide(Action.CONFIRM)
            rate = await stage.shown()
            assert isinstance(rate, Rate)
            await stage.rate(rate.about, 5)
            seen.append(await stage.shown())
            called = [Called("A001"), Called("A001", Reply.RIGHT), Called("A001", Reply.SIGNED)]
            assert seen == [Idle(), *called, Idle()]
            assert await replies(stage) == [Reply.SIGNED, Reply.RIGHT]

    asyncio.run(story())


def test_what_was_pointed_at_is_told_to_the_clerk_by_name_and_to_the_audit(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            look = await looked(stage)
            await stage.screens.answer(stage.token, look.id, right=True, mark=look.mark, wrong=["mobile"], key=key())
            asked, current = await stage.screens.asked(ONE, "3")
            assert (asked[0].reply, asked[0].wrong, current) == (Reply.WRONG, ("mobile",), True)
            line = (await stage.hall.store.audit_of(ONE))[-1]
            assert (line.event, line.actor, line.items, line.outcome) == ("citizen_answered", "screen:3", ("mobile",), "wrong")
            with pytest.raises(FormNotUnderstood):
                await stage.screens.answer(stage.token, look.id, right=False, mark=look.mark, wrong=["no_field"], key=key())

    asyncio.run(story())


def test_a_repeat_changes_nothing_and_the_first_answer_counts(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            look, one = await looked(stage), key()
            for _ in range(2):
                await stage.screens.answer(stage.token, look.id, right=True, mark=look.mark, wrong=(), key=one)
            with pytest.raises(ScreenMoved):
                await stage.screens.answer(stage.token, look.id, right=False, mark=look.mark, wrong=(), key=key())
            assert await replies(stage) == [Reply.RIGHT]

    asyncio.run(story())


def test_answers_that_were_amended_meanwhile_have_not_been_looked_over(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            look = await looked(stage)
            await stage.hall.decide(Action.AMEND, "amend")
            with pytest.raises(ScreenMoved):
                await stage.screens.answer(stage.token, look.id, right=True, mark=look.mark, wrong=(), key=key())
            now = await stage.shown()
            assert isinstance(now, Look)
            assert now.application.answers["mobile"].value == "13700137000"
            await stage.screens.answer(stage.token, now.id, right=True, mark=now.mark, wrong=(), key=key())
            assert (await stage.screens.asked(ONE, "3"))[1]
            said = Said("TYPING_ERROR", amended={"mobile": "13600136000"})
            await stage.hall.desk.decide(ONE, Action.AMEND, window="3", clerk="zhang", key="again", said=said)
            assert not (await stage.screens.asked(ONE, "3"))[1]

    asyncio.run(story())


def test_the_signature_of_the_former_citizen_is_refused_and_gone(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            await stage.hall.called(1)
            await stage.ask(ONE, Asking.SIGN, PROMISE)
            sign = await stage.shown()
            assert isinstance(sign, Sign)
            await stage.hall.decide(Action.CONFIRM)
            await stage.hall.called(2)
            with pytest.raises(ScreenMoved):
                await stage.screens.sign(stage.token, sign.id, NAME, key())
            assert await stage.shown() == Called("A002")
            assert await stage.hall.store.signature(sign.id) is None
            assert not any("signature" in line for line in dump(stage.hall.path) if "asked_citizen" in line)

    asyncio.run(story())


def test_a_signature_that_no_clerk_took_is_dropped_once_the_case_is_decided(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            await stage.hall.called(1)
            await stage.ask(ONE, Asking.SIGN, PROMISE)
            sign = await stage.shown()
            assert isinstance(sign, Sign)
            await stage.screens.sign(stage.token, sign.id, NAME, key())
            assert (await stage.screens.signature(ONE, sign.id, "3")).media_type == "image/png"
            await stage.hall.decide(Action.CONFIRM)
            await stage.hall.called(2)
            with pytest.raises(NotAllowed):
                await stage.screens.signature(ONE, sign.id, "3")
            await stage.ask(TWO)
            assert await stage.hall.store.signature(sign.id) is None

    asyncio.run(story())


def test_who_comes_back_into_the_line_begins_anew(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            look = await looked(stage)
            await stage.hall.decide(Action.RETURN)
            await stage.hall.queue.requeue(ONE, "zhang", key())
            assert await stage.shown() == Idle()
            await stage.hall.queue.call_next("3", "zhang", key())
            assert await stage.shown() == Called("A001")
            with pytest.raises(ScreenMoved):
                await stage.screens.answer(stage.token, look.id, right=True, mark=look.mark, wrong=(), key=key())

    asyncio.run(story())


def test_a_no_show_blanks_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            await looked(stage)
            stage.hall.clock.later(minutes=5)
            await stage.hall.queue.recall(ONE, "3", "zhang", key())
            stage.hall.clock.later(minutes=3)
            await stage.hall.queue.miss(ONE, "3", "zhang", key())
            assert await stage.shown() == Idle()

    asyncio.run(story())


def test_who_is_held_leaves_the_screen_and_begins_anew(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            look = await looked(stage)
            await stage.hall.queue.hold(ONE, "3", "zhang", key())
            assert await stage.shown() == Idle()
            with pytest.raises(ScreenMoved):
                await stage.screens.answer(stage.token, look.id, right=True, mark=look.mark, wrong=(), key=key())
            await stage.hall.queue.resume(ONE, "3", "zhang", key())
            assert await stage.shown() == Called("A001")

    asyncio.run(story())


@pytest.mark.parametrize("how", ["locked", "logged out", "at another window"])
def test_it_is_blank_and_deaf_while_nobody_attends_the_window(tmp_path: Path, how: str) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            look = await looked(stage)
            match how:
                case "locked":
                    stage.sessions.is_at("3", locked=True)
                case "logged out":
                    stage.sessions.here.clear()
                case _:
                    stage.sessions.is_at("4")
            assert await stage.shown() == Away()
            with pytest.raises(ScreenMoved):
                await stage.screens.answer(stage.token, look.id, right=True, mark=look.mark, wrong=(), key=key())
            stage.sessions.is_at("3")
            assert await stage.shown() == look

    asyncio.run(story())


def test_a_screen_that_is_opened_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            look = await looked(stage)
            again = await stage.screens.open(SESSION, "3", "zhang", "another click")
            assert again == await stage.screens.open(SESSION, "3", "zhang", "another click")
            assert await stage.screens.screen(stage.token) is None
            with pytest.raises(NotAllowed):
                await stage.screens.answer(stage.token, look.id, right=True, mark=look.mark, wrong=(), key=key())
            stage.token = again
            assert await stage.shown() == look

    asyncio.run(story())


@pytest.mark.parametrize("token", ["", "x", SESSION])
def test_no_other_token_opens_it(tmp_path: Path, token: str) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            assert await stage.screens.screen(token) is None
            with pytest.raises(NotAllowed):
                await stage.screens.sign(token, "x", NAME, key())

    asyncio.run(story())


def test_the_screen_of_one_window_cannot_answer_for_another(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            look = await looked(stage)
            stage.sessions.is_at("4", session="another session")
            other = await stage.screens.open("another session", "4", "wang", key())
            await stage.hall.called(2, "4")
            for id in (look.id, "no such id"):
                with pytest.raises(ScreenMoved):
                    await stage.screens.answer(other, id, right=True, mark=look.mark, wrong=(), key=key())
            with pytest.raises(NotAllowed):
                await stage.ask(ONE, window="4")
            assert await replies(stage) == [Reply.OPEN]

    asyncio.run(story())


def test_a_signature_is_asked_for_only_where_one_belongs(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            await stage.hall.called(1)
            with pytest.raises(NotKnown):
                await stage.ask(ONE, Asking.SIGN, "mobile")
            await stage.ask(ONE)
            look = await stage.shown()
            assert isinstance(look, Look)
            with pytest.raises(ScreenMoved):
                await stage.screens.sign(stage.token, look.id, NAME, key())

    asyncio.run(story())


def test_how_one_citizen_reads_is_not_how_the_next_one_does(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            await stage.hall.called(1)
            first = await stage.screens.screen(stage.token)
            assert first is not None
            await stage.screens.prefer(stage.token, first.about, "en", large=True)
            wished = await stage.screens.screen(stage.token)
            assert wished is not None
            await stage.hall.decide(Action.CONFIRM)
            await stage.hall.called(2)
            second = await stage.screens.screen(stage.token)
            assert second is not None
            reading = [(one.language, one.large) for one in (first, wished, second)]
            assert reading == [("zh", False), ("en", True), ("zh", False)]
            with pytest.raises(ScreenMoved):
                await stage.screens.prefer(stage.token, first.about, "en", large=True)
            with pytest.raises(FormNotUnderstood):
                await stage.screens.prefer(stage.token, second.about, "fr", large=False)

    asyncio.run(story())


def test_what_is_withdrawn_is_not_answered(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_screens(tmp_path) as stage:
            look = await looked(stage)
            await stage.screens.withdraw(ONE, window="3", clerk="zhang", key=key())
            assert await stage.shown() == Called("A001")
            with pytest.raises(ScreenMoved):
                await stage.screens.answer(stage.token, look.id, right=True, mark=look.mark, wrong=(), key=key())
            with pytest.raises(NotAllowed):
                await stage.screens.withdraw(ONE, window="4", clerk="wang", key=key())

    asyncio.run(story())


def test_a_signature_is_cut_to_its_ink_and_drawn_anew() -> None:
    kept = signature_of(NAME)
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert (picture.format, picture.mode, picture.getpixel((0, 0))) == ("PNG", "L", 255)
        assert picture.width < 400 > picture.height
        assert not picture.info
    assert len(kept.content) < 20_000


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (written(), "没有看到签名"),
        (written((100, 100, 104, 104)), "没有看到签名"),
        (written(*((0, y, 899, y) for y in range(0, 400, 4))), "签名看不清"),
        (b"", "签名没有送到"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "签名没有送到"),
        (NAME[:200], "签名没有送到"),
        (b"0" * (LARGEST_UPLOAD + 1), "签名图像太大"),
        (written(size=(4000, 3000), mode="L"), "签名图像太大"),
    ],
    ids=["empty", "a slip", "all ink", "nothing", "no picture", "half", "too heavy", "too large"],
)
def test_what_is_no_signature_is_said_and_may_be_written_again(upload: bytes, said: str) -> None:
    with pytest.raises(NotTaken) as refused:
        signature_of(upload)
    assert said in refused.value.problems[0].words


def test_a_jpeg_is_no_signature() -> None:
    drawn = io.BytesIO()
    Image.open(io.BytesIO(NAME)).convert("RGB").save(drawn, "JPEG")
    with pytest.raises(NotTaken):
        signature_of(drawn.getvalue())
