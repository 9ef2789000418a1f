"""Draws a matter for a reviewer: its pages in order, who is asked what, and where each value comes from."""

from __future__ import annotations

from html import escape

from flows.fields import Choice, Code
from flows.flow import ALWAYS, Field, Flow, Page, no_fee, no_term
from flows.items import ITEMS
from flows.pictures import Paper, Photo, Signature

FONT = "Noto Sans CJK SC"
ROOM = "&#160;" * 6
"""Graphviz takes Chinese letters for narrower than they are."""
INK, QUIET, LINE, ASKED, CONDITION = "#1d2733", "#5b6875", "#b8c2cc", "#ffffff", "#fff4dc"


def chart(flow: Flow) -> str:
    """The matter in Graphviz's language: a chain of pages; a page with a condition says it in its head."""
    nodes = [_page(number, page) for number, page in enumerate(flow.pages, start=1)]
    chain = " -> ".join(["begin", *(page.name for page in flow.pages), "submit"])
    return "\n".join(
        (
            f'digraph "{flow.code}" {{',
            f'  graph [rankdir=TB, nodesep=0.2, ranksep=0.25, bgcolor=white, fontname="{FONT}"]',
            f'  node [shape=plain, fontname="{FONT}", fontsize=11, fontcolor="{INK}"]',
            f'  edge [color="{QUIET}", arrowsize=0.6]',
            f"  begin [label=<{_begin(flow)}>]",
            *nodes,
            f"  submit [label=<{_submit(flow)}>]",
            f"  {chain}",
            "}",
        )
    )


def _begin(flow: Flow) -> str:
    rules = [f"规则另读：{'、'.join(ITEMS[item].title for item in flow.needs)}"] if flow.needs else []
    proof = f"，另读：{'、'.join(ITEMS[item].title for item in flow.child_needs)}" if flow.child_needs else ""
    child = [f"监护人可为未满16岁的孩子办理{proof}"] if flow.for_child else []
    return _table(f"{flow.title}（第 {flow.version} 版）", [flow.summary, *child, *rules], "#e3eefc")


def _submit(flow: Flow) -> str:
    told = [f"{'各部门都同意才办结' if flow.approvals else '结果送达'}：{'、'.join(flow.told)}"] if flow.told else []
    issues = ["资料齐全无误时当场出具证明"] if flow.issues else []
    costs = ["按收费标准计费"] if flow.fee is not no_fee else ["不收费"]
    term = ["有办理期限"] if flow.term is not no_term else []
    return _table(
        "核对、提交、取号", [*costs, *issues, *told, *term, f"窗口要看：{'、'.join(flow.bring) or '身份证'}"], "#e5f4e8"
    )


def _page(number: int, page: Page) -> str:
    condition = page.asked_when.words if page.asked_when is not ALWAYS else ""
    title = f"{number}. {page.title}" + (f"　［仅当：{condition}］" if condition else "")
    return f"  {page.name} [label=<{_table(title, [_field(asked) for asked in page.fields], CONDITION if condition else ASKED)}>]"


def _field(asked: Field) -> str:
    marks = [words] if (words := _kind(asked)) else []
    if asked.item:
        marks.append(f"来自 {asked.item}" + ("，只读" if asked.locked else ""))
    if asked.derive:
        marks.append("由规则得出" + ("，只读" if asked.locked else ""))
    if not asked.required:
        marks.append("可不填")
    if asked.may_be_left:
        marks.append("可留给窗口")
    row = f"（表 {asked.row}）" if asked.row else ""
    return f"{asked.label}{row}：{'；'.join(marks)}" if marks else f"{asked.label}{row}"


def _kind(asked: Field) -> str:
    match asked.kind:
        case Choice():
            return "选择"
        case Code():
            return "代码"
        case Photo():
            return "照片"
        case Signature():
            return "签名"
        case Paper():
            return "留存材料"
        case _:
            return "" if asked.item or asked.derive else "填写"


def _table(title: str, lines: list[str], ground: str) -> str:
    rows = [f'<TR><TD ALIGN="LEFT"><B>{escape(title)}</B>{ROOM}</TD></TR>']
    rows += [
        f'<TR><TD ALIGN="LEFT"><FONT POINT-SIZE="10" COLOR="{QUIET}">{escape(line)}</FONT></TD></TR>' for line in lines if line
    ]
    start = f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="1" CELLPADDING="3" COLOR="{LINE}" BGCOLOR="{ground}">'
    return start + "".join(rows) + "</TABLE>"
