"""A certificate as one A4 page: the same bytes whenever it is drawn."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import MethodReturnValue

from flows.certificate import Certificate, grouped
from hall.certificates import Issued
from hall.working_day import SHANGHAI

FONTS = Path(__file__).resolve().parent.parent / "assets" / "fonts"
RARE = {"rare_a": "HanaMinA.ttf", "rare_b": "HanaMinB.ttf"}
"""For characters that no usual font has: names with them must be printed all the same."""

Style = Literal["", "B"]
Ink = tuple[int, int, int]

MARGIN, WIDTH, LABEL, BOTTOM = 24.0, 162.0, 46.0, 246.0
INK, SOFT, HAIR, SEAL = (23, 35, 47), (85, 99, 111), (196, 204, 212), (171, 42, 32)
SEAL_RADIUS = 19.0


@dataclass(frozen=True)
class Hall:
    """What a paper says of the hall that issued it."""

    name: str
    public_address: str


def verification_address(hall: Hall, code: str) -> str:
    return f"{hall.public_address}/verify/{code}"


def drawn(issued: Issued, hall: Hall) -> bytes:
    """The PDF; takes about a second, so never in the event loop."""
    paper = _Paper(issued, hall)
    paper.write(issued.certificate)
    return bytes(paper.pdf.output())


class HanPaper(FPDF):
    """An A4 page in millimetres, in fonts that have every name. `said`: all that will be written on it."""

    def __init__(self, title: str, said: str, usual: Ink) -> None:
        super().__init__(format="A4", unit="mm")
        self._usual = usual
        self.set_title(title)
        self.set_producer("Yimen")
        self.add_font("han", "", FONTS / "HanSC-Regular.otf")
        self.add_font("han", "B", FONTS / "HanSC-Bold.otf")
        if not set(said) <= usual_signs():  # large fonts, only for names that need them
            for family, file in RARE.items():
                self.add_font(family, "", FONTS / file)
            self.set_fallback_fonts(list(RARE), exact_match=False)

    def ink(self, size: float, style: Style = "", colour: Ink | None = None) -> None:
        """How what follows is written."""
        self.set_font("han", style, size)
        self.set_text_color(*(colour or self._usual))


class _Paper:
    def __init__(self, issued: Issued, hall: Hall) -> None:
        self._issued = issued
        self._hall = hall
        self.pdf = pdf = HanPaper(issued.certificate.title, self._every_word(), INK)
        pdf.set_creation_date(issued.issued_at)
        pdf.set_margins(MARGIN, 26, MARGIN)
        pdf.set_auto_page_break(True, 297 - BOTTOM)
        pdf.add_page()

    def write(self, certificate: Certificate) -> None:
        pdf = self.pdf
        self.pdf.ink(22, "B")
        pdf.multi_cell(WIDTH, 12, certificate.title, align="C", new_x="LMARGIN", new_y="NEXT")
        self.pdf.ink(9.5, colour=SOFT)
        day = self._issued.issued_at.astimezone(SHANGHAI).date()
        number = f"编号 {day:%Y%m%d}-{self._issued.ticket}　　验证码 {grouped(self._issued.code)}"
        pdf.multi_cell(WIDTH, 7, number, align="C", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(7)
        self.pdf.ink(12)
        pdf.multi_cell(WIDTH, 8, "　　" + certificate.statement, align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
        for label, value in certificate.rows:
            self._row((label, value), (LABEL, WIDTH - LABEL))
        if certificate.table:
            pdf.ln(5)
            self._table(certificate.table)
        self._notes(certificate)
        self._end(certificate, f"{day.year} 年 {day.month} 月 {day.day} 日")

    def _row(self, cells: tuple[str, ...], widths: tuple[float, ...], style: Style = "") -> None:
        """One line of a table, as high as its highest cell; the first column is quieter."""
        pdf = self.pdf
        self.pdf.ink(11, style)
        heights = [
            cast(float, pdf.multi_cell(width - 4, 6.5, cell, dry_run=True, output=MethodReturnValue.HEIGHT))
            for cell, width in zip(cells, widths, strict=True)
        ]
        height = max(heights) + 3
        if pdf.will_page_break(height):
            pdf.add_page()
        top, left = pdf.get_y(), MARGIN
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            self.pdf.ink(11, style, SOFT if column == 0 and not style else INK)
            pdf.set_xy(left + 2, top + 1.5)
            pdf.multi_cell(width - 4, 6.5, cell, align="L")
            left += width
        pdf.set_draw_color(*HAIR)
        pdf.set_line_width(0.2)
        pdf.line(MARGIN, top + height, MARGIN + WIDTH, top + height)
        pdf.set_xy(MARGIN, top + height)

    def _table(self, table: tuple[tuple[str, ...], ...]) -> None:
        columns = max(len(row) for row in table)
        longest = [max(len(row[at]) if at < len(row) else 0 for row in table) + 2 for at in range(columns)]
        widths = tuple(WIDTH * share / sum(longest) for share in longest)
        for number, row in enumerate(table):
            filled = (*row, *[""] * (columns - len(row)))
            self._row(filled, widths, "B" if number == 0 else "")

    def _notes(self, certificate: Certificate) -> None:
        until = certificate.valid_to
        kept = [f"本证明有效期至 {until.year} 年 {until.month} 月 {until.day} 日。"] if until else []
        notes = [*kept, *certificate.notes]
        self.pdf.ln(6)
        self.pdf.ink(10, colour=SOFT)
        for number, note in enumerate(notes, start=1):
            words = note if len(notes) == 1 else f"{number}. {note}"
            self.pdf.multi_cell(WIDTH, 6.5, words, align="L", new_x="LMARGIN", new_y="NEXT")

    def _end(self, certificate: Certificate, day: str) -> None:
        """Who answers for it, the seal's place, and how anybody checks it."""
        pdf = self.pdf
        if pdf.get_y() > 188:
            pdf.add_page()
        pdf.set_auto_page_break(False)
        self.pdf.ink(12)
        for at, words in ((202, certificate.issuer), (210, f"出具：{self._hall.name}"), (218, day)):
            pdf.set_xy(MARGIN, at)
            pdf.cell(WIDTH - 6, 8, words, align="R")
        self._seal(MARGIN + 58, 214)
        pdf.set_draw_color(*HAIR)
        pdf.line(MARGIN, 240, MARGIN + WIDTH, 240)
        address = verification_address(self._hall, self._issued.code)
        square_code(pdf, address, MARGIN, 244, 30, INK)
        said = (
            ("核验真伪", 11, "B"),
            (f"扫描二维码，或打开 {self._hall.public_address}/verify", 9.5, ""),
            (f"输入验证码 {grouped(self._issued.code)}", 9.5, ""),
            ("本页内容以核验页面显示的为准；涂改、伪造无效。", 9.5, ""),
        )
        pdf.set_y(245)
        for words, size, style in said:
            self.pdf.ink(size, "B" if style else "", INK if style else SOFT)
            pdf.set_x(MARGIN + 36)
            pdf.cell(WIDTH - 36, 7, words, new_x="LEFT", new_y="NEXT")

    def _seal(self, x: float, y: float) -> None:
        """Only a place for the seal: a hall's legal e-seal comes from the seal platform (GB/T 38540)."""
        pdf = self.pdf
        pdf.set_draw_color(*SEAL)
        pdf.set_line_width(0.9)
        pdf.circle(x, y, SEAL_RADIUS)
        pdf.set_line_width(0.25)
        pdf.circle(x, y, SEAL_RADIUS - 1.6)
        self._on_arc(self._hall.name, x, y, SEAL_RADIUS - 6.4)
        for at, words, size in ((y - 4.5, "非法定电子印章", 8.5), (y + 1, "电子签章由印章", 6.5), (y + 4.5, "平台加盖", 6.5)):
            self.pdf.ink(size, "B", SEAL)
            pdf.set_xy(x - SEAL_RADIUS, at)
            pdf.cell(2 * SEAL_RADIUS, 4, words, align="C")

    def _on_arc(self, words: str, x: float, y: float, radius: float) -> None:
        pdf = self.pdf
        self.pdf.ink(8.5, "B", SEAL)
        step = min(22.0, 230 / max(len(words), 1))
        for number, sign in enumerate(words):
            angle = (number - (len(words) - 1) / 2) * step
            with pdf.rotation(-angle, x, y):
                pdf.set_xy(x - 5, y - radius - 2.6)
                pdf.cell(10, 5, sign, align="C")

    def _every_word(self) -> str:
        certificate = self._issued.certificate
        cells = [cell for row in (*certificate.rows, *certificate.table) for cell in row]
        return "".join(
            (certificate.title, certificate.statement, certificate.issuer, self._hall.name, *certificate.notes, *cells)
        )


def square_code(pdf: FPDF, address: str, x: float, y: float, side: float, ink: Ink) -> None:
    """The QR code as squares: no picture to embed, sharp at any size."""
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=2))
    cell = side / len(rows)
    pdf.set_fill_color(*ink)
    for down, row in enumerate(rows):
        for start, length in _runs(row):
            pdf.rect(x + start * cell, y + down * cell, length * cell, cell + 0.01, style="F")


@lru_cache(maxsize=1)
def usual_signs() -> frozenset[str]:
    with TTFont(io.BytesIO((FONTS / "HanSC-Regular.otf").read_bytes()), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


def _runs(row: Iterable[int]) -> Iterable[tuple[int, int]]:
    """The dark stretches of a line: where each begins, and its length."""
    start, length = 0, 0
    for at, dark in enumerate([*row, 0]):
        if dark:
            start, length = (at if not length else start), length + 1
        elif length:
            yield start, length
            length = 0
