"""The console's Chinese words about deliveries."""

from __future__ import annotations

from collections.abc import Mapping

from flows.delivery import Progress
from hall.store.reconciliations import FindingKind, State

STATE: Mapping[State, str] = {"running": "正在核对", "done": "全部一致", "failed": "没有核对完"}

FINDING: Mapping[FindingKind, tuple[str, str]] = {
    FindingKind.MISSING: ("部门没有", "部门给过编号，现在查不到这一件；可以从头再送"),
    FindingKind.DIFFERENT: ("内容不同", "部门现有的内容与送出的不一致，请与部门核实"),
    FindingKind.SURPLUS: ("部门多出", "同一件在部门有两个编号，或大厅还不知道已收；请与部门核实"),
}

PROGRESS: Mapping[Progress, str] = {
    Progress.MAKING: "制证中",
    Progress.READY: "待领取",
    Progress.COLLECTED: "已领取",
    Progress.POSTED: "已寄出",
}

COLUMNS = ("部门", "结果", "排队号", "取号日期", "事项", "大厅记录的编号", "部门现有的编号")
"""The heads of the exported report."""

NOTICES: Mapping[str, tuple[str, str]] = {
    "resent": ("good", "已交再送，结果会出现在这里。"),
    "nothing": ("care", "没有可以再送的：没有选中，或所选的已经在路上、已送到。"),
    "carried": ("good", "已登记人工送达，系统不会再送这一件。"),
    "reconciling": ("good", "已开始核对，结果会出现在这里。"),
    "reopened": ("good", "已交从头再送；部门收到后给出编号。"),
}
"""What became of the last click: its tone and its words."""
