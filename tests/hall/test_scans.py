"""What a clerk may scan or upload: drawn anew page by page, and everything else refused in words."""

from __future__ import annotations

import asyncio
import io
import struct
import zipfile
import zlib

import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission
from PIL import Image

from flows.application import Attached
from flows.pictures import MOST_BYTES
from hall.errors import NotTaken
from hall.pictures import LONGEST_EDGE, LONGEST_UPLOAD
from hall.scans import MOST_PAGES, scanned
from tests.hall.fakes import NOON


def image(kind: str = "JPEG", size: tuple[int, int] = (600, 800), **more: object) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "#d8e0e8").save(drawn, kind, **more)
    return drawn.getvalue()


def pdf(pages: int = 1, password: str = "", script: str = "") -> bytes:
    paper = FPDF(format="A4")
    paper.set_creation_date(NOON)
    for number in range(pages):
        paper.add_page()
        paper.set_font("Helvetica", size=40)
        paper.cell(text=f"Page {number + 1}")
    if script:
        paper.embed_file(bytes=script.encode(), basename="note.js")
    if password:
        paper.set_encryption("owner", password, permissions=AccessPermission.none())
    return bytes(paper.output())


def archive() -> bytes:
    drawn = io.BytesIO()
    with zipfile.ZipFile(drawn, "w") as packed:
        packed.writestr("hidden.txt", "nobody sees this")
    return drawn.getvalue()


def moving() -> bytes:
    drawn = io.BytesIO()
    frames = [Image.new("RGB", (90, 90), colour) for colour in ("red", "green")]
    frames[0].save(drawn, "PNG", save_all=True, append_images=frames[1:])
    return drawn.getvalue()


def claims_to_be_huge() -> bytes:
    """A PNG of a few bytes that says it has a milliard pixels."""
    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 4000)), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(c)) + name + c + struct.pack(">I", zlib.crc32(name + c)) for name, c in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def large_noise() -> bytes:
    return image("PNG", (7000, 6000))


def kept(*uploads: bytes) -> tuple[Attached, ...]:
    return asyncio.run(scanned(uploads))


WRONG = {
    "nothing": (b"", "没有选择文件"),
    "a text": (b"hello", "不是 JPEG、PNG 或 PDF"),
    "a page of HTML": (b"<html><script>alert(1)</script></html>", "不是 JPEG、PNG 或 PDF"),
    "a GIF": (image("GIF"), "不是 JPEG、PNG 或 PDF"),
    "an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是 JPEG、PNG 或 PDF"),
    "an archive": (archive(), "不是 JPEG、PNG 或 PDF"),
    "a torn JPEG": (image(size=(1500, 1500))[:6000], "不完整或已经损坏"),
    "a torn PNG": (image("PNG", (1500, 1500))[:3000], "不完整或已经损坏"),
    "the beginning of a JPEG": (b"\xff\xd8\xff" + b"\0" * 500, "不完整或已经损坏"),
    "a moving PNG": (moving(), "动画"),
    "a picture that says it is huge": (claims_to_be_huge(), "图像太大"),
    "a picture that is huge": (large_noise(), "图像太大"),
    "a file that is too large": (image() + b"\0" * LONGEST_UPLOAD, "不能超过 8 MB"),
    "a JPEG that is an archive too": (image() + archive(), "夹带"),
    "a PNG that is a PDF too": (image("PNG")[:40] + b"%PDF-1.7" + image("PNG")[40:], "夹带"),
    "a PDF that is an archive too": (pdf() + archive(), "夹带"),
    "a torn PDF": (pdf()[:300], "不完整或已经损坏"),
    "a PDF of nothing": (b"%PDF-1.7\n%%EOF\n", "不完整或已经损坏"),
    "a PDF with a password": (pdf(password="secret"), "密码保护"),
    "a PDF of too many pages": (pdf(MOST_PAGES + 1), "页数太多"),
}


@pytest.mark.parametrize(("upload", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_kept_is_refused_in_words(upload: bytes, words: str) -> None:
    with pytest.raises(NotTaken) as refused:
        kept(upload)
    (problem,) = refused.value.problems
    assert words in problem.words


def test_a_moving_png_would_be_opened_if_it_were_not_refused() -> None:
    with Image.open(io.BytesIO(moving())) as opened:
        assert opened.is_animated  # type: ignore[attr-defined]


@pytest.mark.parametrize("upload", [image(), image("PNG"), pdf()], ids=["JPEG", "PNG", "PDF"])
def test_one_page_is_drawn_anew_and_small(upload: bytes) -> None:
    (page,) = kept(upload)
    assert page.media_type == "image/jpeg"
    assert len(page.content) <= MOST_BYTES
    with Image.open(io.BytesIO(page.content)) as opened:
        assert max(opened.size) <= LONGEST_EDGE
    assert kept(upload) == (page,), "the same paper is the same picture"


def test_several_files_are_one_paper_in_their_order() -> None:
    pages = kept(image(), pdf(2), image("PNG", (800, 600)))
    assert len(pages) == 4
    assert len({page.digest for page in pages}) == 4


def test_one_wrong_file_among_several_keeps_none() -> None:
    with pytest.raises(NotTaken):
        kept(image(), b"hello")


def test_nothing_that_hides_behind_a_picture_or_in_a_pdf_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    shot = image(exif=exif) + b"<script>alert(1)</script>"
    for page in kept(shot, pdf(script="app.alert('taken at home')")):
        assert b"<script>" not in page.content
        assert b"taken at home" not in page.content
        assert b"note.js" not in page.content


def test_a_phones_picture_of_two_parts_is_its_first() -> None:
    drawn = io.BytesIO()
    first, second = Image.new("RGB", (300, 400), "#336699"), Image.new("RGB", (30, 40), "#000000")
    first.save(drawn, "MPO", save_all=True, append_images=[second])
    (page,) = kept(drawn.getvalue())
    with Image.open(io.BytesIO(page.content)) as opened:
        assert opened.size == (300, 400)
