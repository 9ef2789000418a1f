"""A readiness report as A4 pages that an operator can keep and sign: PNG or PDF, as the file's name ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from devices.readiness import DeviceReadiness, Report, Said, Verdict
from devices.readiness_words import VERDICT, local, named, overall, probe, record, state

DPI = 200
WIDTH, HEIGHT = 1654, 2339  # A4
MARGIN, INDENT, RIGHT = 130, 90, 300
BOTTOM = HEIGHT - 330
INK, GREY, LINE, PAPER = "#111111", "#555555", "#bbbbbb", "white"
TITLE, HEAD, TEXT, SMALL = 52, 34, 28, 25
LEADING = 1.42
PIECES = re.compile(r"[!-~]+|\s+|.")
NEVER_FIRST = frozenset("，。；：、）！？")


class PageRefused(Exception):
    """The page cannot be drawn or kept so; the text says why."""


class Page:
    """One sheet and how far it is written on."""

    def __init__(self, fonts: Path) -> None:
        self.picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        self.draw = ImageDraw.Draw(self.picture)
        self.y = MARGIN
        self._fonts = fonts

    def font(self, size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
        file = self._fonts / ("HanSC-Bold.otf" if bold else "HanSC-Regular.otf")
        try:
            return ImageFont.truetype(file, size)
        except OSError:
            raise PageRefused(f"{file} is missing: name the folder of the faces with --fonts") from None

    def write(
        self, text: str, size: int = TEXT, *, bold: bool = False, left: int = MARGIN, ink: str = INK, right: int = 0
    ) -> None:
        """Below what is written already, in as many lines as it takes."""
        font = self.font(size, bold=bold)
        for line in wrapped(text, font, WIDTH - MARGIN - right - left):
            self.draw.text((left, self.y), line, ink, font)
            self.y += round(size * LEADING)

    def rule(self) -> None:
        self.y += 14
        self.draw.line((MARGIN, self.y, WIDTH - MARGIN, self.y), LINE, 2)
        self.y += 18


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> Sequence[str]:
    """Lines that fit: broken between words, between Chinese characters, and within a word that is longer than a line."""
    lines = [""]
    for piece in PIECES.findall(text):
        for part in [piece] if font.getlength(piece) <= width else list(piece):
            if font.getlength(lines[-1] + part) > width and part not in NEVER_FIRST:
                lines.append("")
            lines[-1] += part if lines[-1] or not part.isspace() else ""
    return [line.rstrip() for line in lines]


def pages(report: Report, fonts: Path) -> Sequence[Image.Image]:
    """Raises PageRefused."""
    sheets = [_begun(report, fonts)]
    for tested in report.devices:
        # Drawn beside first: a device is never broken over two pages.
        measured = Page(fonts)
        _device(measured, tested)
        if sheets[-1].y + measured.y - MARGIN > BOTTOM:
            sheets.append(_begun(report, fonts))
        _device(sheets[-1], tested)
    for number, sheet in enumerate(sheets, start=1):
        _foot(sheet, number, len(sheets))
    return [sheet.picture for sheet in sheets]


def save(report: Report, file: Path, fonts: Path) -> Sequence[Path]:
    """The files written: one PDF, or a PNG for every page. Raises PageRefused."""
    if file.suffix.lower() not in (".pdf", ".png"):
        raise PageRefused(f"{file} is neither a .png nor a .pdf")
    try:
        return _written(pages(report, fonts), file)
    except OSError as error:
        raise PageRefused(f"{file}: {error.strerror}") from error


def _written(pictures: Sequence[Image.Image], file: Path) -> Sequence[Path]:
    first, *rest = pictures
    if file.suffix.lower() == ".pdf":
        first.save(file, "PDF", resolution=DPI, save_all=True, append_images=rest)
        return [file]
    files = [file, *(file.with_stem(f"{file.stem}-{number}") for number in range(2, len(pictures) + 1))]
    for picture, place in zip(pictures, files, strict=True):
        picture.save(place, "PNG", dpi=(DPI, DPI))
    return files


def _begun(report: Report, fonts: Path) -> Page:
    page = Page(fonts)
    page.write("终端设备自检", TITLE, bold=True)
    page.write("Device readiness report", HEAD, ink=GREY)
    page.y += 20
    top, ends = page.y, []
    facts = (("终端", "Terminal", report.terminal), ("大厅", "Hall", report.hall))
    more = (("时间", "Time", f"{local(report.at)}（UTC+8）"), ("软件", "Software", report.software))
    for left, column in ((MARGIN, facts), (MARGIN + 700, more)):
        page.y = top
        for zh, en, value in column:
            page.write(f"{zh} {en}：{value or '—'}", left=left, right=700 if left == MARGIN else 0)
        ends.append(page.y)
    page.y = max(ends) + 10
    said = overall(report)
    page.write(f"{said.zh}  {said.en}", HEAD, bold=True)
    page.rule()
    page.y += 8
    return page


def _device(page: Page, tested: DeviceReadiness) -> None:
    name, word = named(tested), VERDICT[tested.verdict]
    left = MARGIN + INDENT
    _mark(page.draw, tested.verdict, MARGIN + 26, page.y + 26)
    verdict = page.font(TEXT, bold=True)
    said = f"{word.zh} {word.en}"
    page.draw.text((WIDTH - MARGIN - verdict.getlength(said), page.y + 5), said, INK, verdict)
    title = " · ".join(dict.fromkeys([" ".join(dict.fromkeys([name.zh, name.en])), tested.id]))
    page.write(title, HEAD, bold=True, left=left, right=RIGHT)
    page.write(" · ".join(filter(None, [tested.driver, tested.address])), SMALL, left=left, ink=GREY)
    if not tested.wrong:
        _both(page, "状态", "State", state(tested), left)
        _both(page, "检测", "Probed", probe(tested), left)
    if tested.capabilities:
        told = "；".join(f"{what} {value}" for what, value in tested.capabilities.items())
        page.write(f"设备自述 It says：{told}", SMALL, left=left)
    if tested.recorded:
        counted = record(tested.recorded)
        page.write(f"计数 Counted：{counted.zh}", SMALL, left=left)
        page.write(counted.en, SMALL, left=left, ink=GREY)
    if advice := tested.advice:
        page.y += 6
        page.write(f"→ {advice.zh}", TEXT, bold=True, left=left)
        page.write(advice.en, SMALL, left=left + 38)
    page.rule()


def _both(page: Page, zh: str, en: str, said: Said, left: int) -> None:
    page.write(f"{zh} {en}：{said.zh} / {said.en}", SMALL, left=left)


def _mark(draw: ImageDraw.ImageDraw, verdict: Verdict, x: int, y: int) -> None:
    """Told apart by shape, on a black and white printer too."""
    match verdict:
        case Verdict.READY:
            draw.ellipse((x - 26, y - 26, x + 26, y + 26), "#1a7f37")
            draw.line((x - 13, y + 1, x - 3, y + 12, x + 14, y - 11), PAPER, 7, joint="curve")
        case Verdict.SOON:
            draw.polygon(((x, y - 27), (x + 29, y + 24), (x - 29, y + 24)), "#b35900")
            draw.line((x, y - 10, x, y + 7), PAPER, 7)
            draw.ellipse((x - 4, y + 12, x + 4, y + 20), PAPER)
        case Verdict.IN_USE:
            draw.ellipse((x - 25, y - 25, x + 25, y + 25), PAPER, GREY, 6)
            draw.line((x, y - 14, x, y, x + 11, y + 7), GREY, 6, joint="curve")
        case Verdict.BROKEN:
            draw.rectangle((x - 25, y - 25, x + 25, y + 25), "#b3261e")
            draw.line((x - 12, y - 12, x + 12, y + 12), PAPER, 8)
            draw.line((x - 12, y + 12, x + 12, y - 12), PAPER, 8)


def _foot(page: Page, number: int, of: int) -> None:
    page.y = HEIGHT - 290
    page.write("检测时没有读卡，本页不含个人信息。No card was read, and this page holds no personal data.", SMALL, ink=GREY)
    y = HEIGHT - 165
    font = page.font(TEXT)
    for x, words in ((MARGIN, "检查人 Checked by"), (MARGIN + 760, "日期 Date")):
        page.draw.text((x, y), words, INK, font)
        begin = x + font.getlength(words) + 20
        page.draw.line((begin, y + 36, x + (700 if x == MARGIN else 460), y + 36), INK, 2)
    told = f"{number} / {of}"
    small = page.font(SMALL)
    page.draw.text((WIDTH - MARGIN - small.getlength(told), HEIGHT - 90), told, GREY, small)
