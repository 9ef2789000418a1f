"""A paper about a case drawn as A4: black on white, the same bytes whenever it is drawn."""

from __future__ import annotations

import re
from typing import Literal

from hall.paper import Hall, HanPaper, Ink, Style, square_code
from hall.papers.notice import Item, Notice
from hall.papers.wording import chinese
from hall.working_day import SHANGHAI

MARGIN, WIDTH, LABEL = 24.0, 162.0, 38.0
TOP, BOTTOM = 18.0, 18.0
END = 52.0
"""The height of the end of a paper: who answers for it, the seal's place, the code."""

NEVER_FIRST = "，。；：、！？）」』》〉”％"
"""Signs that do not begin a line."""

PIECES = re.compile(rf"(?:[!-~]{{1,40}}|[^!-~])[{NEVER_FIRST}]*")
"""What stays together on a line."""

INK, SOFT, HAIR = (0, 0, 0), (70, 70, 70), (150, 150, 150)


def drawn(notice: Notice, hall: Hall) -> bytes:
    """The PDF; takes about a second, so never in the event loop."""
    sheet = _Sheet(notice, hall)
    sheet.write()
    return bytes(sheet.pdf.output())


class _Sheet:
    def __init__(self, notice: Notice, hall: Hall) -> None:
        self._notice = notice
        self._hall = hall
        self.pdf = pdf = HanPaper(notice.title, _every_word(notice) + hall.name, INK)
        pdf.set_creation_date(notice.at)
        pdf.set_margins(MARGIN, TOP, MARGIN)
        pdf.set_auto_page_break(True, BOTTOM)
        pdf.add_page()

    def write(self) -> None:
        notice = self._notice
        self._words(self._hall.name, 13, align="C")
        self._words(notice.title, 24, "B", height=14, align="C")
        self._words(f"编号　{notice.number}", 10.5, colour=SOFT, align="C")
        self.pdf.ln(5)
        if notice.sealed:
            self._words(f"{notice.to}：", 12.5, "B")
        for words in notice.lead:
            self._words("　　" + words, 12)
        self.pdf.ln(3)
        for row in notice.rows:
            self._row(*row)
        if notice.items:
            self._items(notice.items_title, notice.items)
        self.pdf.ln(4)
        for words in notice.closing:
            self._words(words, 12)
        self._in_english(notice.english)
        self._end()

    def _items(self, title: str, items: tuple[Item, ...]) -> None:
        self.pdf.ln(5)
        self._words(title, 13, "B")
        for number, item in enumerate(items, start=1):
            self._words(f"{number}. {item.words}", 12, "B" if item.lines else "")
            for line in item.lines:
                self._words(f"□ {line}", 12, indent=8)
            if item.remedy:
                self._words(item.remedy, 11, colour=SOFT, indent=8)

    def _row(self, label: str, value: str) -> None:
        """One line of a table, as high as its value."""
        pdf = self.pdf
        self.pdf.ink(11.5)
        lines = self._lines(value, WIDTH - LABEL - 4)
        height = 6.6 * len(lines) + 3
        if pdf.will_page_break(height):
            pdf.add_page()
        top = pdf.get_y()
        pdf.set_draw_color(*HAIR)
        pdf.set_line_width(0.25)
        pdf.rect(MARGIN, top, LABEL, height)
        pdf.rect(MARGIN + LABEL, top, WIDTH - LABEL, height)
        pdf.set_xy(MARGIN + 2, top + 1.5)
        pdf.cell(LABEL - 4, 6.6, label)
        for down, line in enumerate(lines):
            pdf.set_xy(MARGIN + LABEL + 2, top + 1.5 + 6.6 * down)
            pdf.cell(WIDTH - LABEL - 4, 6.6, line)
        pdf.set_xy(MARGIN, top + height)

    def _in_english(self, lines: tuple[str, ...]) -> None:
        if not lines:
            return
        self.pdf.ln(4)
        for line in lines:
            self._words(line, 10.5, colour=SOFT, height=5.6)

    def _end(self) -> None:
        pdf = self.pdf
        if pdf.get_y() > 297 - BOTTOM - END:
            pdf.add_page()
        pdf.set_auto_page_break(False)
        top = 297 - BOTTOM - END
        if self._notice.follow:
            self._follow(self._notice.follow, top)
        if self._notice.sealed:
            self._seal(MARGIN + WIDTH - 46, top + 8)
        day = self._notice.at.astimezone(SHANGHAI).date()
        lines = [chinese(day)]
        if self._notice.sealed:
            lines.insert(0, self._hall.name)
        if self._notice.signed_by:
            lines.insert(0, f"{self._notice.signed_by}：____________________")
        self.pdf.ink(12)
        for place, words in enumerate(reversed(lines)):
            pdf.set_xy(MARGIN, top + 42 - 9 * place)
            pdf.cell(WIDTH, 8, words, align="R")
        if pdf.page_no() > 1:
            self._number_pages()

    def _number_pages(self) -> None:
        pdf, last = self.pdf, self.pdf.page_no()
        self.pdf.ink(9, colour=SOFT)
        for page in range(1, last + 1):
            pdf.page = page
            pdf.set_xy(MARGIN, 297 - 14)
            pdf.cell(WIDTH, 5, f"{self._notice.number}　第 {page} 页，共 {last} 页", align="C")

    def _follow(self, address: str, top: float) -> None:
        square_code(self.pdf, address, MARGIN, top + 18, 32, INK)
        for down, (words, size) in enumerate((("扫码查看办理进度", 11.0), ("不含个人信息", 9.0))):
            self.pdf.ink(size, colour=INK if down == 0 else SOFT)
            self.pdf.set_xy(MARGIN + 35, top + 30 + 6.5 * down)
            self.pdf.cell(50, 6, words)

    def _seal(self, x: float, y: float) -> None:
        """Only its place: the seal itself is pressed by hand or comes from the seal platform (GB/T 38540)."""
        pdf = self.pdf
        pdf.set_draw_color(*HAIR)
        pdf.set_line_width(0.35)
        pdf.set_dash_pattern(dash=1.6, gap=1.2)
        pdf.circle(x + 21, y + 21, 20)
        pdf.set_dash_pattern()
        self.pdf.ink(10.5, colour=SOFT)
        pdf.set_xy(x, y + 10)
        pdf.cell(42, 6, "加盖公章处", align="C")

    def _words(
        self,
        words: str,
        size: float,
        style: Style = "",
        *,
        colour: Ink = INK,
        height: float = 6.8,
        align: Literal["L", "C"] = "L",
        indent: float = 0,
    ) -> None:
        self.pdf.ink(size, style, colour)
        for line in self._lines(words, WIDTH - indent):
            self.pdf.set_x(MARGIN + indent)
            self.pdf.cell(WIDTH - indent, height, line, align=align, new_x="LMARGIN", new_y="NEXT")

    def _lines(self, words: str, width: float) -> list[str]:
        """Broken after any Chinese sign, but never inside a number or a Latin word, nor before closing punctuation."""
        lines, room = [""], width - 2 * self.pdf.c_margin
        for piece in PIECES.findall(words):
            if lines[-1] and self.pdf.get_string_width(lines[-1] + piece) > room:
                lines[-1] = lines[-1].rstrip(" ")
                lines.append("")
            lines[-1] += piece
        return lines


def _every_word(notice: Notice) -> str:
    cells = [cell for row in notice.rows for cell in row]
    items = [text for item in notice.items for text in (item.words, item.remedy, *item.lines)]
    spoken = (notice.title, notice.number, notice.to, notice.items_title, notice.signed_by)
    return "".join((*spoken, *notice.lead, *notice.closing, *notice.english, *cells, *items))
