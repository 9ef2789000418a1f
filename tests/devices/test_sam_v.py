"""Stories of cards on a SAM_V reader: laid, read, pulled, swapped, doubted."""

import asyncio
from collections.abc import Callable
from datetime import date

import pytest

from devices.device import Completion, DeviceStatus, MediaStatus
from devices.document import Recognised
from devices.drivers.sam_v_frames import Command
from devices.simulators.sam_v import Fault, SamVSimulator
from devices.simulators.sam_v_plate import PHOTO
from tests.devices.plate_on_a_pty import LYU, OTHER, QUICK, Plate, plate, tell
from tests.patience import SOON_S


def test_a_card_that_is_laid_is_noticed_read_and_missed_when_it_is_taken() -> None:
    async def story() -> None:
        async with plate() as on:
            assert on.reader.status().media is MediaStatus.NOT_PRESENT
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            card = await on.reader.read_identity()
            assert (card.name, card.number, card.birth) == ("吕晓岚", "440602199202299863", date(1992, 2, 29))
            assert (card.media_id, card.device_id, card.photo) == (1, "plate", PHOTO)
            on.simulator.pull()
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1))
            assert on.reader.status().media is MediaStatus.NOT_PRESENT

    tell(story)


def test_the_module_tells_its_number_and_is_online() -> None:
    async def story() -> None:
        async with plate() as on:
            assert on.reader.status().device is DeviceStatus.ONLINE
            assert on.reader.capabilities()["module"] == "05.01-20240105-0004095471-3382700086"
            assert (await on.reader.check_health()).device is DeviceStatus.ONLINE

    tell(story)


def test_a_card_laid_back_is_another_presence() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.pull()
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1))
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1), ("mediaInserted", 2))
            assert await on.read_name() == ("吕晓岚", 2)

    tell(story)


def test_a_card_can_be_read_twice_while_it_lies_there() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            assert await on.read_name() == await on.read_name() == ("吕晓岚", 1)

    tell(story)


@pytest.mark.parametrize("hides", [False, True], ids=["plain module", "module that hides a read card"])
def test_a_card_that_was_read_is_followed_until_it_really_leaves(hides: bool) -> None:
    async def story() -> None:
        async with plate(SamVSimulator(hides_a_read_card=hides)) as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            assert await on.read_name() == ("吕晓岚", 1)
            heard = len(on.simulator.heard)
            for _ in range(8):  # eight more looks at the plate: were the card believed gone, an event would say so
                await on.reader.check_health()
            assert len(on.simulator.heard) >= heard + 8
            assert on.reader.status().media is MediaStatus.PRESENT
            assert await on.read_name() == ("吕晓岚", 1)
            on.simulator.pull()
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1))

    tell(story)


def test_reading_an_empty_plate_says_that_there_is_no_card() -> None:
    async def story() -> None:
        async with plate() as on:
            assert (await on.refusal()).code is Completion.MEDIA_REMOVED

    tell(story)


@pytest.mark.parametrize("step", [Command.FIND, Command.SELECT, Command.READ])
def test_a_card_pulled_at_any_step_gives_no_document(step: Command) -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.before[step] = on.simulator.pull
            assert (await on.refusal()).code is Completion.MEDIA_REMOVED
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1))

    tell(story)


def test_a_card_swapped_in_the_middle_of_a_read_is_read_whole_or_not_at_all() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))

            def swapped() -> None:
                on.simulator.lay(OTHER)
                on.simulator.before.clear()

            on.simulator.before[Command.READ] = swapped
            card = await on.reader.read_identity()
            assert (card.name, card.number) == ("陈测试", "440602198001019872")

    tell(story)


def test_a_swap_between_two_polls_is_another_presence_at_the_next_read() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            assert await on.read_name() == ("吕晓岚", 1)
            on.simulator.lay(OTHER)
            assert (await on.refusal()).code is Completion.MEDIA_REMOVED
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1), ("mediaInserted", 2))
            assert await on.read_name() == ("陈测试", 2)

    tell(story)


@pytest.mark.parametrize("hides", [False, True], ids=["plain module", "module that hides a read card"])
def test_another_card_after_one_empty_poll_is_noticed_by_itself(hides: bool) -> None:
    async def story() -> None:
        async with plate(SamVSimulator(hides_a_read_card=hides)) as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            await on.read_name()
            await one_empty_poll(on, OTHER)
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1), ("mediaInserted", 2))

    tell(story)


def test_a_card_that_flickers_after_a_read_is_looked_at_again_and_stays_the_same() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            await on.read_name()
            reads = on.simulator.heard.count(Command.READ)
            await one_empty_poll(on, LYU)
            await on.reader.check_health()
            assert on.simulator.heard.count(Command.READ) == reads + 1
            assert await on.read_name() == ("吕晓岚", 1)

    tell(story)


async def one_empty_poll(on: Plate[SamVSimulator], then: bytes) -> None:
    """The plate is empty for exactly one find."""
    finds: list[Callable[[], None]] = [on.simulator.pull, lambda: on.simulator.lay(then)]
    over = asyncio.Event()
    loop = asyncio.get_running_loop()

    def next_find() -> None:
        if finds:
            finds.pop(0)()
        else:
            loop.call_soon_threadsafe(over.set)

    on.simulator.before[Command.FIND] = next_find
    async with asyncio.timeout(SOON_S):
        await over.wait()
    on.simulator.before.clear()


def test_the_late_answer_about_the_last_citizen_is_thrown_away() -> None:
    async def story() -> None:
        async with plate(patience=QUICK) as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault, on.simulator.faulty = Fault.LATE, Command.READ

            def next_citizen() -> None:
                on.simulator.fault = ""
                on.simulator.lay(OTHER)

            on.simulator.before[Command.STATUS] = next_citizen
            assert (await on.read_name())[0] == "陈测试"

    tell(story)


@pytest.mark.parametrize("status", ["31", "32", "33"])
def test_a_card_that_the_module_does_not_believe_is_suspected_at_once(status: str) -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault, on.simulator.faulty = status, Command.SELECT
            error = await on.refusal()
            assert (error.code, error.retry) == (Completion.FRAUD_ATTEMPT, False)
            assert on.simulator.heard.count(Command.SELECT) == 1
            assert "吕" not in str(error)

    tell(story)


def test_three_failed_selects_are_followed_by_a_reset_that_may_cure_the_card() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault, on.simulator.faulty = "81", Command.SELECT
            on.simulator.before[Command.RESET] = lambda: setattr(on.simulator, "fault", "")
            assert await on.read_name() == ("吕晓岚", 1)
            assert on.simulator.heard.count(Command.SELECT) == 4

    tell(story)


@pytest.mark.parametrize(
    ("status", "code"), [("81", Completion.INVALID_MEDIA), ("41", Completion.INVALID_MEDIA), ("40", Completion.UNSUPPORTED_DATA)]
)
def test_a_card_that_cannot_be_read_is_asked_for_again(status: str, code: Completion) -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault, on.simulator.faulty = status, Command.SELECT
            error = await on.refusal()
            assert (error.code, error.retry) == (code, True)

    tell(story)


def test_several_cards_on_the_plate_are_said_to_be_several_after_a_while() -> None:
    async def story() -> None:
        async with plate(patience=QUICK) as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault = Fault.SEVERAL
            error = await on.refusal()
            assert (error.code, error.technical, error.retry) == (Completion.INVALID_MEDIA, "more than one card", True)
            assert error.recognised is Recognised.MORE_THAN_ONE

    tell(story)


def test_of_several_cards_the_one_that_is_left_is_read() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault = Fault.SEVERAL
            reads = iter(range(2))

            def gone_after_two() -> None:
                if next(reads, None) is None:
                    on.simulator.fault = ""

            on.simulator.before[Command.READ] = gone_after_two
            assert await on.read_name() == ("吕晓岚", 1)
            assert on.simulator.heard.count(Command.READ) == 3

    tell(story)


def test_an_empty_text_is_an_unreadable_card_and_may_be_whole_the_next_time() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(bytes(256))
            await on.media(("mediaInserted", 1))
            assert (await on.refusal()).code is Completion.INVALID_DATA
            on.simulator.lay(LYU)
            assert await on.read_name() == ("吕晓岚", 1)

    tell(story)
