"""How ready each device of a terminal is: what a self-test found, and what to do about it. Nothing of a card or a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from devices.device import Counters, DeviceStatus, MediaStatus, Status


class Verdict(StrEnum):
    READY = "ready"
    SOON = "soon"  # works, and needs somebody soon
    IN_USE = "inUse"  # another program has it, most likely the running terminal
    BROKEN = "broken"


@dataclass(frozen=True)
class Said:
    """The same in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Recorded:
    """What the running terminal counts of a device, and since when."""

    since: datetime
    counters: Counters


@dataclass(frozen=True)
class DeviceReadiness:
    """One device. `section` is its place in the configuration; `address` is without passwords; `took_ms` from opening it to its
    answer. `wrong` are the words of a configuration that makes no device."""

    section: str
    id: str
    driver: str
    address: str
    status: Status
    kind: str = ""
    took_ms: int = 0
    capabilities: Mapping[str, str] = field(default_factory=dict)
    recorded: Recorded | None = None
    wrong: str = ""

    @property
    def verdict(self) -> Verdict:
        if self.wrong:
            return Verdict.BROKEN
        match self.status:
            case Status(device=DeviceStatus.DEVICE_BUSY):
                return Verdict.IN_USE
            case Status(device=DeviceStatus.ONLINE, media=media) if not self._lacks_paper and media is not MediaStatus.JAMMED:
                return Verdict.SOON if self.status.detail == PAPER_LOW else Verdict.READY
            case _:
                return Verdict.BROKEN

    @property
    def advice(self) -> Said | None:
        """What to do, in one sentence; None when all is well."""
        if self.wrong:
            return Said(
                f"改正配置 [{self.section}]：{self.wrong}。", f"Correct [{self.section}] in the configuration: {self.wrong}."
            )
        if self.verdict is Verdict.READY:
            return None
        if self._lacks_paper:
            return ADVICE["paper_out"]
        if self.status.media is MediaStatus.JAMMED:
            return ADVICE["jammed"]
        return ADVICE.get(f"{self.kind}.{self.status.device}") or ADVICE.get(self.status.detail) or ADVICE[self.status.device]

    @property
    def _lacks_paper(self) -> bool:
        return self.kind in PRINTERS and self.status.media is MediaStatus.NOT_PRESENT


@dataclass(frozen=True)
class Report:
    """`terminal` and `software` may be empty: readers that were only found belong to no terminal."""

    at: datetime
    terminal: str
    hall: str
    software: str
    devices: tuple[DeviceReadiness, ...]

    @property
    def is_ready(self) -> bool:
        return bool(self.devices) and not any(tested.verdict is Verdict.BROKEN for tested in self.devices)


PAPER_LOW = "paper_near_end"
PRINTERS = frozenset({"receiptPrinter", "pagePrinter"})

ADVICE: Mapping[str, Said] = {
    "paper_out": Said("缺纸：请装纸。", "No paper: lay some in."),
    "jammed": Said("卡纸或切刀有故障：请打开清理，再装好。", "Jammed, or the cutter fails: open it, clear it, close it."),
    PAPER_LOW: Said("纸快用完了：请准备换纸。", "The paper nears its end: have a new roll at hand."),
    "cover_open": Said("打印机的盖没有合上：请合上。", "The printer's cover is open: close it."),
    "pcsc.offline": Said("读卡服务 pcscd 没有运行：请启动它。", "The card service pcscd does not run: start it."),
    "pcsc.noDevice": Said("pcscd 没有这个读卡器：请检查插头和名称。", "pcscd has no such reader: check its plug and its name."),
    DeviceStatus.OFFLINE: Said("设备离线：请检查开关和连线。", "It is off line: check its switch and its cable."),
    DeviceStatus.NO_DEVICE: Said(
        "没有找到设备：请检查电源、插头和配置里的地址。",
        "It was not found: check power, plug and its address in the configuration.",
    ),
    DeviceStatus.HARDWARE_ERROR: Said(
        "设备不应答或应答不对：请断电重启，还不行就报修。",
        "It does not answer, or not as it should: switch it off and on, and have it mended if that does not help.",
    ),
    DeviceStatus.DEVICE_BUSY: Said(
        "另一个程序（多半是正在运行的终端）占用着它：要检测它，请先停下终端。",
        "Another program has it, most likely the running terminal: stop that to test this device.",
    ),
    DeviceStatus.STARTING: Said("它还没有应答：请过一会儿再检测。", "It has not answered yet: test it again in a moment."),
}
