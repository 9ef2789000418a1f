"""送件单: a dead letter as pages to be carried to a department, with its seal and room for the department's answer."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Literal, cast

from fpdf.enums import MethodReturnValue
from fpdf.errors import FPDFException

from flows.application import Application
from hall.dead_letters import Package
from hall.paper import HanPaper, Ink, Style
from hall.working_day import SHANGHAI

MARGIN, WIDTH, LABEL = 20.0, 170.0, 46.0
INK, SOFT, HAIR = (23, 35, 47), (85, 99, 111), (196, 204, 212)
HEAD, FOOT = 11.0, 9.0
TALLEST_PICTURE = 70.0


def drawn(package: Package, department: str) -> bytes:
    """The PDF; takes about a second, so never in the event loop."""
    rows = list(_rows(package))
    paper = _Paper("".join((department, package.hall, *(cell for row in rows for cell in row))))
    paper.head(package, department)
    for label, value in rows:
        paper.row(label, value)
    paper.answer()
    paper.pictures(package.accepted.application, {name: field.label for name, field in package.flow.fields.items()})
    return bytes(paper.pdf.output())


def _rows(package: Package) -> Iterator[tuple[str, str]]:
    application, decision, flow = package.accepted.application, package.accepted.decision, package.flow
    yield "事项", flow.title
    yield "申请人", application.name
    yield "公民身份号码", application.identity.number
    if application.guardian:
        yield "监护人", f"{application.guardian.name} {application.guardian.number}"
    order = [name for name in flow.fields if name in application.answers]
    for name in (*order, *(name for name in application.answers if name not in flow.fields)):
        answer, field = application.answers[name], flow.fields.get(name)
        if answer.value in application.attached:
            yield field.label if field else name, "见附图"
        elif answer.value:
            yield (field.label, field.kind.shown(answer.value)) if field else (name, answer.value)
    yield "提交", f"{application.submitted_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    yield "受理", f"{decision.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}，{decision.by}，{decision.window} 号窗口"


class _Paper:
    def __init__(self, said: str) -> None:
        self.pdf = pdf = HanPaper("送件单", said, INK)
        pdf.set_margins(MARGIN, 20, MARGIN)
        pdf.set_auto_page_break(True, 20)
        pdf.add_page()

    def head(self, package: Package, department: str) -> None:
        self._line("送件单", 20, "B", align="C")
        self._line(f"{package.hall}　致　{department}", HEAD, align="C")
        self.pdf.ln(3)
        self._line(f"送件编号　{package.key}", FOOT, colour=SOFT)
        self._line(f"内容封印（SM3）　{package.seal}", FOOT, colour=SOFT)
        taken = f"{package.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        self._line(f"{taken} 取出。系统多次未能送到，改由人工送达；同一送件编号只受理一次。", FOOT, colour=SOFT)
        self.pdf.ln(4)

    def row(self, label: str, value: str) -> None:
        pdf = self.pdf
        self.pdf.ink(10.5)
        height = 3 + max(self._height(LABEL - 4, label), self._height(WIDTH - LABEL - 4, value))
        if pdf.will_page_break(height):
            pdf.add_page()
        top = pdf.get_y()
        for left, width, cell, colour in ((MARGIN, LABEL, label, SOFT), (MARGIN + LABEL, WIDTH - LABEL, value, INK)):
            self.pdf.ink(10.5, colour=colour)
            pdf.set_xy(left + 2, top + 1.5)
            pdf.multi_cell(width - 4, 6, cell, align="L")
        pdf.set_draw_color(*HAIR)
        pdf.line(MARGIN, top + height, MARGIN + WIDTH, top + height)
        pdf.set_xy(MARGIN, top + height)

    def answer(self) -> None:
        """What comes back to the hall."""
        if self.pdf.will_page_break(46):
            self.pdf.add_page()
        self.pdf.ln(8)
        self._line("部门填写", 12, "B")
        self.pdf.ln(3)
        self._line("受理编号：______________________________　　经办人：________________", 11)
        self.pdf.ln(5)
        self._line("收件日期：__________ 年 ______ 月 ______ 日　　（盖章）", 11)

    def pictures(self, application: Application, labels: dict[str, str]) -> None:
        for name, answer in application.answers.items():
            picture = application.attached.get(answer.value)
            if picture is None:
                continue
            if self.pdf.will_page_break(TALLEST_PICTURE + 20):
                self.pdf.add_page()
            self.pdf.ln(6)
            self._line(f"附图　{labels.get(name, name)}", 11, "B")
            try:
                self.pdf.image(io.BytesIO(picture.content), x=MARGIN, h=TALLEST_PICTURE, w=WIDTH, keep_aspect_ratio=True)
            except (FPDFException, OSError, ValueError):
                self._line("这幅图不能印出，请用数据文件。", 10)
            self._line(f"SM3　{picture.digest}", FOOT - 1, colour=SOFT)

    def _height(self, width: float, text: str) -> float:
        found = self.pdf.multi_cell(width, 6, text, dry_run=True, output=MethodReturnValue.HEIGHT)
        return cast(float, found)

    def _line(self, words: str, size: float, style: Style = "", colour: Ink = INK, align: Literal["L", "C"] = "L") -> None:
        self.pdf.ink(size, style, colour)
        self.pdf.multi_cell(WIDTH, size * 0.62, words, align=align, new_x="LMARGIN", new_y="NEXT")
