"""The overview's tables for a spreadsheet: counts, numbers of tickets and windows, nothing of anybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hall.console.language import listed, say
from hall.console.overview_day import DayView
from hall.console.overview_view import NowView, TerminalRow
from hall.console.spreadsheet import Cells


def lines(view: NowView) -> Cells:
    return [
        (*_heads("事项", "等候"), *view.classes, say("最久"), *((say("预计"),) if view.told_by_matter else ())),
        *((r.matter, r.waiting, *r.counts, r.longest, *((r.wait,) if view.told_by_matter else ())) for r in view.rows),
    ]


def windows_now(view: NowView) -> Cells:
    return [
        _heads("窗口", "状态", "号码", "事项", "已", "限办"),
        *((c.window, c.word, c.number, c.matter, c.since, c.skills) for c in view.windows),
    ]


def terminals(view: NowView) -> Cells:
    return [
        _heads("终端", "状态", "最近上报", "问题", "待传申请", "软件版本", "读卡", "读卡未成", "小票", "启动以来各设备"),
        *((r.terminal, r.word, r.heard, listed(r.troubles, "；"), r.outbox, r.software, *_counted(r)) for r in view.terminals),
    ]


def _counted(row: TerminalRow) -> tuple[object, ...]:
    return tuple("" if count is None else count for count in (row.reads, row.failed, row.slips, row.counted))


def departments(view: NowView) -> Cells:
    return [
        _heads("部门", "状态", "近一小时查询", "未答复", "中位", "95%以内", "送达在途", "不顺利", "停送"),
        *((r.title, r.word, r.calls, r.failures, r.p50, r.p95, r.under_way, r.troubled, r.dead) for r in view.departments),
    ]


def chain(view: DayView) -> Cells:
    return [
        _heads("环节", "从哪到哪", "中位（分）", "九成以内（分）", "计入", "不可信未计", "原因", "还没有结束"),
        *((r.name, r.span, r.median, r.p90, r.counted, r.doubtful, r.why, r.under_way) for r in view.links),
        (say("{minutes} 分钟以内", minutes=view.goal_min), say("刷卡 → 第一次有结果"), "", "", view.within, view.unknown, "", ""),
        (
            say("超过 {minutes} 分钟", minutes=view.goal_min),
            say("刷卡 → 第一次有结果"),
            "",
            "",
            view.known - view.within,
            "",
            "",
            "",
        ),
    ]


def matters(view: DayView) -> Cells:
    return [
        _heads("事项", "取号", "有结果", "当场办结", "当场办结率"),
        *((r.matter, r.cases, r.ended, r.on_the_spot, r.share) for r in view.matters),
        (say("合计"), view.cases, view.ended, view.on_the_spot, view.share),
    ]


def windows(view: DayView) -> Cells:
    whole = view.whole
    return [
        _heads("窗口", "办理件数", "在岗小时", "每小时件数"),
        *((r.window, r.handled, r.staffed, r.an_hour) for r in view.windows),
        (say("合计"), whole.handled, whole.staffed, whole.an_hour),
    ]


def quarters(view: DayView) -> Cells:
    return [_heads("时段", "取号", "时段末等候"), *((r.span, r.arrived, r.waiting) for r in view.quarters)]


def _heads(*heads: str) -> tuple[str, ...]:
    return tuple(map(say, heads))


OF_NOW: Mapping[str, Callable[[NowView], Cells]] = {
    "lines": lines,
    "windows-now": windows_now,
    "terminals": terminals,
    "departments": departments,
}
OF_DAY: Mapping[str, Callable[[DayView], Cells]] = {
    "chain": chain,
    "matters": matters,
    "windows": windows,
    "quarters": quarters,
}
