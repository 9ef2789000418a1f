"""Orders to a SAM_V reader: one at a time, with deadlines, and silent about whom they were for; and wishes to its simulator."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from devices.device import Completion, DeviceError, DeviceStatus
from devices.drivers.sam_v import SamVReader
from devices.drivers.sam_v_frames import Command
from devices.drivers.sam_v_port import port_of
from devices.simulators.sam_v import Fault, served
from tests.devices.plate_on_a_pty import LYU, QUICK, plate, tell
from tests.patience import SOON_S


def test_a_read_that_is_given_up_leaves_the_reader_free_for_the_next() -> None:
    async def story() -> None:
        async with plate(patience=QUICK) as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault, on.simulator.faulty = Fault.SILENT, Command.SELECT
            begun, loop = asyncio.Event(), asyncio.get_running_loop()
            on.simulator.before[Command.SELECT] = lambda: loop.call_soon_threadsafe(begun.set)
            first = asyncio.ensure_future(on.reader.read_identity())
            await begun.wait()
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            on.simulator.fault = ""
            assert await on.read_name() == ("吕晓岚", 1)

    tell(story)


def test_a_deadline_is_kept_even_when_the_module_is_not_done() -> None:
    async def story() -> None:
        async with plate(patience=QUICK) as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            on.simulator.fault, on.simulator.faulty = Fault.SILENT, Command.SELECT
            with pytest.raises(DeviceError) as refused:
                await on.reader.read_identity(deadline_s=0.02)
            assert refused.value.code is Completion.TIME_OUT

    tell(story)


def test_a_second_read_at_the_same_time_is_refused() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            both = await asyncio.gather(on.reader.read_identity(), on.reader.read_identity(), return_exceptions=True)
            assert [error.code for error in both if isinstance(error, DeviceError)] == [Completion.SEQUENCE_ERROR]

    tell(story)


def test_nothing_of_the_card_is_written_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            await on.read_name()
            on.simulator.fault, on.simulator.faulty = "31", Command.READ
            await on.refusal()

    with caplog.at_level("DEBUG"):
        tell(story)
    written = "".join(str(vars(record)) for record in caplog.records)
    assert "card_not_read" in written
    assert "吕晓岚" not in written
    assert "440602199202299863" not in written


PERSON = {
    "name": "吕晓岚",
    "sex": "2",
    "ethnic_group": "01",
    "birth": "1992-02-29",
    "address": "佛山市禅城区",
    "number": "440602199202299863",
    "issuer": "佛山市公安局禅城分局",
    "valid_from": "2018-03-12",
    "valid_to": "长期",
}


async def wish(state: Path, message: object) -> Mapping[str, object]:
    line = message if isinstance(message, bytes) else json.dumps(message).encode()
    reader, writer = await asyncio.open_unix_connection(state / "sam_v.control")
    writer.write(line + b"\n")
    answer: Mapping[str, object] = json.loads(await reader.readline())
    writer.close()
    await writer.wait_closed()
    return answer


def test_a_card_is_laid_and_pulled_through_the_control_socket(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path), plate(path=str(tmp_path / "sam_v.tty")) as on:
            assert await wish(tmp_path, {"insert": PERSON}) == {"ok": True}
            await on.media(("mediaInserted", 1))
            card = await on.reader.read_identity()
            assert (card.name, card.number, card.long_term) == ("吕晓岚", "440602199202299863", True)
            assert await wish(tmp_path, {"insert": {**PERSON, "appended_address": "佛山市南海区"}}) == {"ok": True}
            assert (await on.reader.read_identity()).address == "佛山市南海区"
            assert await wish(tmp_path, {"pull": True}) == {"ok": True}
            await on.media(("mediaInserted", 1), ("mediaRemoved", 1))
            assert await wish(tmp_path, {"fault": "66"}) == {"ok": True}
            await on.until(lambda: on.reader.status().detail.endswith("66"))

    tell(story)
    assert os.listdir(tmp_path) == []


def test_a_card_of_another_kind_can_be_laid(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path), plate(path=str(tmp_path / "sam_v.tty")) as on:
            person = {**PERSON, "kind": "residence_permit_hmt", "pass_number": "H12345678"}
            assert await wish(tmp_path, {"insert": person}) == {"ok": True}
            await on.media(("mediaInserted", 1))
            assert (await on.reader.read_identity()).kind == "residence_permit_hmt"

    tell(story)


@pytest.mark.parametrize(
    "message",
    [
        b"not json",
        b"[]",
        {"insert": {"name": "吕晓岚"}},
        {"insert": {**PERSON, "sex": 2}},
        {"insert": {**PERSON, "kind": "吕晓岚"}},
        {"insert": {**PERSON, "吕晓岚": "x"}},
        {"insert": {**PERSON, "kind": "social_security_card"}},
        {"fault": "吕晓岚"},
        {"pull": False},
    ],
)
def test_a_wish_that_cannot_be_followed_is_answered_in_words_without_repeating_it(tmp_path: Path, message: object) -> None:
    async def story() -> None:
        async with served(tmp_path):
            answer = await wish(tmp_path, message)
        assert answer["ok"] is False
        assert answer["error"]
        assert "吕晓岚" not in str(answer)

    asyncio.run(story())


def test_the_simulator_runs_as_a_command_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async def story() -> None:
        reader = SamVReader("plate", port_of(str(tmp_path / "sam_v.tty")), QUICK)
        events = reader.events()
        await reader.open()
        async with asyncio.timeout(SOON_S):
            while reader.status().device is not DeviceStatus.ONLINE:
                await anext(events)
        await reader.close()

    (tmp_path / "sam_v.tty").symlink_to("/dev/null")  # left behind by a run that was killed
    command = [sys.executable, "-m", "devices.simulators.sam_v", "--state", str(tmp_path)]
    with subprocess.Popen(command) as running:
        asyncio.run(story())
        running.send_signal(signal.SIGTERM)
        assert running.wait(SOON_S) == 0
    assert os.listdir(tmp_path) == []
