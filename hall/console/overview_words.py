"""The hall overview in words: states of windows, terminals and departments, links of the chain, what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from flows.heartbeat import Counted, Part
from hall.breaker import Spared
from hall.chain import LinkName
from hall.console.language import listed, say
from hall.heartbeats import PRINTERS, Mood
from hall.overview import WindowState

WINDOW: Mapping[WindowState, str] = {
    WindowState.SERVING: "办理中",
    WindowState.IDLE: "空闲",
    WindowState.LOCKED: "已锁定",
    WindowState.PAUSE: "休息",
    WindowState.AWAY: "无人",
    WindowState.DESERTED: "无人，号未办完",
}

MOOD: Mapping[Mood, str] = {Mood.WELL: "正常", Mood.TROUBLE: "有问题", Mood.SILENT: "失联"}

SPARED: Mapping[Spared, str] = {Spared.NOT: "正常", Spared.PROBED: "试探恢复", Spared.RESTING: "暂停查询"}

PART: Mapping[str, str] = {
    "reader": "读卡器",
    "ticket_printer": "小票打印机",
    "camera": "摄像头",
    "document_camera": "高拍仪",
    "page_printer": "文书打印机",
    "io_board": "指示灯和按键板",
    "power_supply": "不间断电源",
}

STATE: Mapping[str, str] = {
    "online": "正常",
    "deviceBusy": "正在使用",
    "offline": "离线",
    "noDevice": "未连接",
    "hardwareError": "故障",
    "starting": "正在启动",
}

FAILURE: Mapping[str, str] = {
    "mediaRemoved": "卡中途取走",
    "timeOut": "超时",
    "deviceNotReady": "未就绪",
    "hardwareError": "故障",
    "invalidMedia": "卡无应答",
    "unsupportedData": "不识别的卡",
    "wrongReader": "放错读卡器",
    "needsAuthority": "卡需授权",
    "accessKeyNeeded": "需机读码",
    "accessKeyWrong": "机读码不符",
    "invalidData": "数据不通",
    "sequenceError": "重复命令",
    "fraudAttempt": "卡未通过校验",
    "paperOut": "缺纸",
}

LINK: Mapping[LinkName, tuple[str, str]] = {
    LinkName.FORM: ("填表", "刷卡 → 取号"),
    LinkName.WAITING: ("等候", "取号 → 叫号"),
    LinkName.WALKING: ("到窗口", "叫号 → 打开办件"),
    LinkName.HANDLING: ("办理", "打开办件 → 决定"),
    LinkName.WHOLE: ("全程", "刷卡 → 第一次有结果"),
    LinkName.SENDING: ("送达", "受理 → 部门收到"),
}

DOUBT: Mapping[str, str] = {
    "carried": "隔夜转来",
    "overnight": "隔夜",
    "missed": "过号",
    "left": "窗口换人",
    "held": "挂起过",
    "passed": "转过窗口",
    "clock": "时钟被改过",
    "too_long": "长得不可信",
    "unopened": "没有打开办件",
    "no_card": "没有刷卡时间",
    "by_hand": "人工送达",
}


def part(one: Part) -> str:
    """What is wrong with a device, as somebody who goes there wants to hear it."""
    name = say(PART.get(one.kind, one.kind))
    if one.media == "jammed":
        return say("{device}卡纸" if one.kind in PRINTERS else "{device}卡住", device=name)
    if one.kind in PRINTERS and one.media == "notPresent":
        return say("{device}缺纸", device=name)
    if one.state == "online":
        return say("{device}停用" if one.out else "{device}纸将尽", device=name)
    return listed([name, say(STATE.get(one.state, one.state))], "")


def counted(part: Part) -> str:
    """What a device did since its terminal started; what never happened is left out."""
    one = part.counted or Counted()
    said = [("成功", one.done), *((FAILURE.get(code, code), count) for code, count in sorted(one.failures.items()))]
    said += [("驱动出错", one.faults), ("重置", one.resets), ("恢复", one.reopens)]
    did = listed([f"{say(word)} {n}" for word, n in said if n], "，") or say("未用过")
    return listed([f"{say(PART.get(part.kind, part.kind))} {part.id}", did], "：")


def ago(since: datetime, now: datetime) -> str:
    """How long something lasts. A time that lies ahead is the fault of a clock, and says so."""
    if _ahead(since, now):
        return say("时钟不一致")
    minutes = max(0, int((now - since).total_seconds()) // 60)
    if minutes < 1:
        return say("不到 1 分钟")
    if minutes < 60:
        return say("{minutes} 分钟", minutes=minutes)
    if minutes < 24 * 60:
        return say("{hours} 小时 {minutes} 分", hours=minutes // 60, minutes=minutes % 60)
    return say("{days} 天", days=minutes // (24 * 60))


def before(since: datetime, now: datetime) -> str:
    """How long ago something was."""
    long = ago(since, now)
    return long if _ahead(since, now) else say("{long}前", long=long)


def _ahead(since: datetime, now: datetime) -> bool:
    return since - now > timedelta(minutes=1)


def minutes(seconds: int | None) -> str:
    if seconds is None:
        return "—"
    return f"{seconds / 60:.1f}" if seconds < 10 * 3600 else f"{seconds / 60:.0f}"


def share(part: int, whole: int) -> str:
    """In whole percent, never rounded up to all of it or down to none."""
    if not whole:
        return "—"
    percent = round(100 * part / whole)
    return f"{min(percent, 99) if part < whole else 100}%" if percent or not part else "<1%"


def left_out(reasons: Mapping[str, int]) -> str:
    found = sorted(reasons.items(), key=lambda one: -one[1])
    return listed([f"{say(DOUBT.get(code, code))} {count}" for code, count in found], "，")
