"""A readiness report in words, Chinese and English side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from devices.device import Completion, DeviceStatus, MediaStatus
from devices.readiness import PRINTERS, DeviceReadiness, Recorded, Report, Said, Verdict

CHINA = ZoneInfo("Asia/Shanghai")

VERDICT: Mapping[Verdict, Said] = {
    Verdict.READY: Said("正常", "Ready"),
    Verdict.SOON: Said("需留意", "Attention"),
    Verdict.IN_USE: Said("使用中", "In use"),
    Verdict.BROKEN: Said("不可用", "Not ready"),
}
SECTION: Mapping[str, Said] = {
    "readers": Said("读卡器", "Card reader"),
    "printer": Said("小票打印机", "Slip printer"),
    "camera": Said("摄像头", "Portrait camera"),
    "document_camera": Said("高拍仪", "Document camera"),
    "page_printer": Said("文书打印机", "Page printer"),
    "io_board": Said("指示灯和按键板", "Lights, presence and keypad"),
    "power": Said("不间断电源", "Power supply"),
}
STATE: Mapping[DeviceStatus, str] = {
    DeviceStatus.ONLINE: "在线",
    DeviceStatus.OFFLINE: "离线",
    DeviceStatus.NO_DEVICE: "未连接",
    DeviceStatus.HARDWARE_ERROR: "故障",
    DeviceStatus.DEVICE_BUSY: "被占用",
    DeviceStatus.STARTING: "正在启动",
}
PROBE: Mapping[str, Said] = {
    "identityReader": Said("安全模块与感应区", "security module and plate"),
    "pcsc": Said("读卡服务与读卡器", "card service and reader"),
    "receiptPrinter": Said("四项实时状态", "four real-time status bytes"),
    "pagePrinter": Said("连接", "connection"),
    "camera": Said("连接", "connection"),
}
ANY_PROBE = Said("设备状态", "its state")
FAILURE: Mapping[Completion, str] = {
    Completion.MEDIA_REMOVED: "中途取走",
    Completion.INVALID_MEDIA: "卡无应答",
    Completion.UNSUPPORTED_DATA: "不识别的卡",
    Completion.WRONG_READER: "放错读卡器",
    Completion.NEEDS_AUTHORITY: "卡需授权",
    Completion.INVALID_DATA: "数据不通",
    Completion.FRAUD_ATTEMPT: "卡未通过校验",
    Completion.TIME_OUT: "超时",
    Completion.DEVICE_NOT_READY: "未就绪",
    Completion.HARDWARE_ERROR: "故障",
    Completion.PAPER_OUT: "缺纸",
}


def named(tested: DeviceReadiness) -> Said:
    return SECTION.get(tested.section, Said(tested.section, tested.section))


def state(tested: DeviceReadiness) -> Said:
    """How it is, and what lies there or is laid in, where the device tells."""
    status, lies = tested.status, _media(tested)
    detail = f" ({status.detail})" if status.detail else ""
    zh = "，".join(filter(None, [STATE.get(status.device, status.device), lies.zh])) + detail
    return Said(zh, ", ".join(filter(None, [str(status.device), lies.en])) + detail)


def _media(tested: DeviceReadiness) -> Said:
    prints = tested.kind in PRINTERS
    match tested.status.media:
        case MediaStatus.PRESENT:
            return Said("有纸", "paper laid in") if prints else Said("有卡（没有读）", "a card lies there, not read")
        case MediaStatus.NOT_PRESENT:
            return Said("缺纸", "no paper") if prints else Said("无卡", "no card")
        case MediaStatus.JAMMED:
            return Said("卡住", "jammed")
        case _:
            return Said("", "")


def probe(tested: DeviceReadiness) -> Said:
    """What was asked, and how long the answer took."""
    asked = PROBE.get(tested.kind, ANY_PROBE)
    return Said(f"{asked.zh} {tested.took_ms} 毫秒", f"{asked.en} {tested.took_ms} ms")


def record(recorded: Recorded) -> Said:
    """What the terminal counted of a device."""
    counters = recorded.counters
    failures = sorted(counters.failures.items())
    zh = [("成功", counters.done), *((FAILURE.get(code, code), count) for code, count in failures)]
    zh += [("驱动出错", counters.faults), ("重置", counters.resets), ("恢复", counters.reopens)]
    en = [("done", counters.done), *((code.value, count) for code, count in failures)]
    en += [("driver faults", counters.faults), ("resets", counters.resets), ("reopened", counters.reopens)]
    since, hours = local(recorded.since), f"{counters.online_s / 3600:.1f}"
    return Said(
        f"自 {since} 起，在线 {hours} 小时，" + "，".join(f"{word} {count}" for word, count in _not_nothing(zh)),
        f"since {since}, online {hours} h, " + ", ".join(f"{word} {count}" for word, count in _not_nothing(en)),
    )


def _not_nothing(counted: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """What succeeded in any case, and what else ever happened."""
    return ((word, count) for place, (word, count) in enumerate(counted) if count or not place)


def overall(report: Report) -> Said:
    bad = [tested for tested in report.devices if tested.verdict is Verdict.BROKEN]
    if not report.devices:
        return Said("没有找到任何设备", "No device was found")
    if bad:
        return Said(
            f"{len(report.devices)} 个设备中 {len(bad)} 个不可用", f"{len(bad)} of {len(report.devices)} devices not ready"
        )
    return Said(f"{len(report.devices)} 个设备都可以使用", f"All of {len(report.devices)} devices can be used")


def as_text(report: Report) -> str:
    place = " ".join(filter(None, [report.terminal, report.hall]))
    software = f", software {report.software}" if report.software else ""
    head = f"Device readiness{f' of {place}' if place else ''}, {local(report.at)} (UTC+8){software}"
    said = overall(report)
    return "\n".join([head, *(line for tested in report.devices for line in _lines(tested)), f"{said.en}. {said.zh}。"])


def _lines(tested: DeviceReadiness) -> Iterator[str]:
    word = VERDICT[tested.verdict]
    yield f"{word.en.upper():9}  {tested.id:28} {' '.join(filter(None, [tested.driver, tested.address]))}"
    if not tested.wrong:
        yield f"{'':11}{state(tested).en}; probed {probe(tested).en}"
    yield from (f"{'':11}{name} {value}" for name, value in tested.capabilities.items())
    if tested.recorded:
        yield f"{'':11}{record(tested.recorded).en}"
    if advice := tested.advice:
        yield f"{'':11}{advice.en} {advice.zh}"


def as_json(report: Report) -> str:
    """For a program: every value by its name in devices.readiness, with verdict and advice."""
    told = asdict(report)
    for said, tested in zip(told["devices"], report.devices, strict=True):
        said |= {"verdict": tested.verdict, "advice": tested.advice and asdict(tested.advice)}
    return json.dumps({**told, "ready": report.is_ready}, ensure_ascii=False, indent=1, default=str)


def local(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
