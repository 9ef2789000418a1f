"""The words of kept documents on the counter's pages, as messages."""

from __future__ import annotations

from collections.abc import Mapping

from flows.kept import Keeping, Origin

KEEPING: Mapping[Keeping, str] = {
    Keeping.STATUTORY: "依法保存",
    Keeping.REUSE: "申请人同意留存",
    Keeping.CASE: "只用于本件",
}

ORIGIN: Mapping[Origin, str] = {
    Origin.TERMINAL: "自助终端 {place}",
    Origin.WINDOW: "{place} 号窗口扫描",
    Origin.HALL: "本大厅出具",
    Origin.DEPARTMENT: "{place}交回",
}

UNREADABLE = "这份留存材料读不出来：加密它的密钥已经不在，或者内容损坏。请让申请人重新提供。"
WITHDRAWN = ("已按申请人要求销毁", "大厅不再存有它。")
CASE_ONLY = ("不会再用于别的事", "它只留在当时的办件档案里，到期销毁。")
