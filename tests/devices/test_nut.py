"""A power supply behind upsd: a real one with NUT's own dummy driver, and one that says whatever a real one never says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest

from devices.device import DeviceStatus, Power, PowerSource
from devices.drivers import SettingsWrong, make_power_supply, nut, nut_line
from devices.drivers.nut import NutPowerSupply
from devices.simulators import upsd
from devices.simulators.ups import DATA_STALE, DRIVER_NOT_CONNECTED, UPS, UpsSimulator
from devices.simulators.upsd import PrivateUpsd
from tests.patience import SOON_S

MAINS = {"ups.status": "OL CHRG", "battery.charge": "97.6"}
Story = Callable[[NutPowerSupply], Coroutine[None, None, None]]


@pytest.fixture
def simulator() -> Iterator[UpsSimulator]:
    simulator = UpsSimulator(MAINS)
    yield simulator
    simulator.gone()


@pytest.fixture
def real(tmp_path: Path) -> Iterator[PrivateUpsd]:
    if packages := upsd.missing():
        pytest.skip(f"Debian packages not installed: {packages}")
    with PrivateUpsd(tmp_path) as real:
        yield real


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nut, "REOPEN_S", (0.05,))
    monkeypatch.setattr(nut, "WATCH_S", 0.05)


def tell(story: Story, port: int, ups: str = UPS) -> None:
    async def told() -> None:
        supply = NutPowerSupply("power", ups, "127.0.0.1", port)
        await supply.open()
        try:
            async with asyncio.timeout(SOON_S):
                await story(supply)
        finally:
            await supply.close()

    asyncio.run(told())


async def until(supply: NutPowerSupply, is_so: Callable[[], bool]) -> None:
    changes = supply.events()
    while not is_so():
        await anext(changes)


async def runs_on(supply: NutPowerSupply, source: PowerSource, *, low: bool = False) -> None:
    await until(supply, lambda: (supply.power().source, supply.power().low) == (source, low))


def test_a_real_upsd_tells_of_a_power_cut_from_its_beginning_to_its_end(real: PrivateUpsd) -> None:
    async def story(supply: NutPowerSupply) -> None:
        await runs_on(supply, PowerSource.MAINS)
        real.says(ups_status="OB DISCHRG", battery_charge="80")
        await runs_on(supply, PowerSource.BATTERY)
        assert supply.power() == Power(PowerSource.BATTERY, low=False, charge_percent=80)
        real.says(ups_status="OB DISCHRG LB", battery_charge="9")
        await runs_on(supply, PowerSource.BATTERY, low=True)
        real.says(ups_status="OL CHRG", battery_charge="10")
        await runs_on(supply, PowerSource.MAINS)
        assert supply.status().device is DeviceStatus.ONLINE

    tell(story, real.port, upsd.UPS)


def test_a_real_upsd_that_dies_or_loses_its_ups_is_told_and_found_again_by_itself(real: PrivateUpsd) -> None:
    async def story(supply: NutPowerSupply) -> None:
        await runs_on(supply, PowerSource.MAINS)
        real.kill()
        await until(supply, lambda: supply.status().device is DeviceStatus.NO_DEVICE)
        assert supply.power().source is PowerSource.UNKNOWN
        real.start()
        await runs_on(supply, PowerSource.MAINS)
        real.kill_driver()
        await until(supply, lambda: supply.status().device is DeviceStatus.HARDWARE_ERROR)
        assert supply.status().detail in ("DRIVER-NOT-CONNECTED", "DATA-STALE")
        assert supply.power().source is PowerSource.UNKNOWN

    tell(story, real.port, upsd.UPS)


@pytest.mark.parametrize(
    ("says", "power", "detail"),
    [
        (MAINS, Power(PowerSource.MAINS, charge_percent=98), ""),
        ({"ups.status": "OB"}, Power(PowerSource.BATTERY), ""),
        ({"ups.status": "OB LB FSD", "battery.charge": "3"}, Power(PowerSource.BATTERY, low=True, charge_percent=3), ""),
        ({"ups.status": "OL RB", "battery.charge": "full"}, Power(PowerSource.MAINS), "replace_battery"),
        ({"ups.status": "OL", "battery.charge": "1e999"}, Power(PowerSource.MAINS), ""),
        ({"ups.status": "OL", "battery.charge": "-1"}, Power(PowerSource.MAINS), ""),
        ({"ups.status": "OL OVER"}, Power(PowerSource.MAINS), "overload"),
        ({"ups.status": "WAIT"}, Power(PowerSource.UNKNOWN), ""),
        ({"ups.status": ""}, Power(PowerSource.UNKNOWN), ""),
    ],
)
def test_the_words_of_a_ups_are_understood(simulator: UpsSimulator, says: dict[str, str], power: Power, detail: str) -> None:
    simulator.says = says

    async def story(supply: NutPowerSupply) -> None:
        assert supply.power() == power
        assert (supply.status().device, supply.status().detail) == (DeviceStatus.ONLINE, detail)

    tell(story, simulator.port)


@pytest.mark.parametrize("answer", [DATA_STALE, DRIVER_NOT_CONNECTED, "ERR ACCESS-DENIED"])
def test_a_ups_that_upsd_knows_nothing_of_is_broken_and_its_power_unknown(simulator: UpsSimulator, answer: str) -> None:
    async def story(supply: NutPowerSupply) -> None:
        assert supply.power().source is PowerSource.MAINS
        simulator.instead = answer.encode() + b"\n"
        await until(supply, lambda: supply.status().device is DeviceStatus.HARDWARE_ERROR)
        assert supply.status().detail == answer.removeprefix("ERR ")
        assert supply.power() == Power(PowerSource.UNKNOWN)
        simulator.instead = b""
        await runs_on(supply, PowerSource.MAINS)

    tell(story, simulator.port)


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n", "answers nonsense"),
        (b"\xff\xfe\n", "answers nonsense"),
        (b'VAR ups ups.status "OB\n', "answers nonsense"),
        (b'VAR other ups.status "OB"\n', "answers nonsense"),
        (b"\n", "answers nonsense"),
        (b'ERR "\x1b[2J"\n', "answers nonsense"),
        (b"x" * 5000, "answers without end"),
    ],
)
def test_whatever_answers_there_and_is_no_upsd_changes_no_power(simulator: UpsSimulator, instead: bytes, words: str) -> None:
    async def story(supply: NutPowerSupply) -> None:
        simulator.instead = instead
        await until(supply, lambda: supply.status().device is DeviceStatus.HARDWARE_ERROR)
        assert supply.status().detail == words
        assert supply.power().source is PowerSource.UNKNOWN
        simulator.instead = b""
        await runs_on(supply, PowerSource.MAINS)

    tell(story, simulator.port)


def test_an_upsd_that_does_not_answer_is_given_up_in_time(simulator: UpsSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nut_line, "ANSWER_S", 0.2)

    async def story(supply: NutPowerSupply) -> None:
        simulator.silent = True
        await until(supply, lambda: supply.status().device is DeviceStatus.HARDWARE_ERROR)
        assert supply.status().detail == "does not answer"
        simulator.silent = False
        await runs_on(supply, PowerSource.MAINS)

    tell(story, simulator.port)


def test_a_ups_that_upsd_does_not_have_is_no_device(simulator: UpsSimulator) -> None:
    async def story(supply: NutPowerSupply) -> None:
        assert (supply.status().device, supply.status().detail) == (DeviceStatus.NO_DEVICE, "UNKNOWN-UPS")
        assert (await supply.check_health()).device is DeviceStatus.NO_DEVICE

    tell(story, simulator.port, ups="none")


def test_a_power_supply_is_made_from_its_settings() -> None:
    assert make_power_supply("nut", {"ups": "apc"}).capabilities() == {"ups": "apc", "address": "127.0.0.1:3493"}
    with pytest.raises(SettingsWrong, match="no name of a UPS"):
        make_power_supply("nut", {"ups": "a\nSET VAR"})
    with pytest.raises(SettingsWrong, match="99999 is no TCP port"):
        make_power_supply("nut", {"ups": "apc", "port": "99999"})
