"""A paper that a clerk scanned or uploads: judged by its content, drawn anew page by page, refused in words."""

from __future__ import annotations

import asyncio
import io
import re
import subprocess
import warnings
from collections.abc import Sequence

from PIL import Image

from flows.application import Attached
from flows.recheck import Problem
from hall.errors import NotTaken
from hall.pictures import LONGEST_EDGE, LONGEST_UPLOAD, MOST_PIXELS, small

MOST_PAGES = 20
JPEG, PNG, PDF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"
END_OF_ZIP = b"PK\x05\x06"
READS_A_PDF_BY, READS_A_ZIP_BY = 1024, 66_000
"""So far into a file, or from its end, readers of other kinds look for their own beginning."""

# A paper is drawn by a process of its own that may neither grow nor run on; it gets the file by its standard input, so
# that nothing is written to any disk.
FETTERS = ("prlimit", "--as=1073741824", "--cpu=20")
PATIENCE_S = 30


async def scanned(uploads: Sequence[bytes]) -> tuple[Attached, ...]:
    """The pages as pictures, in order. Raises NotTaken with what is wrong, in words."""
    return await asyncio.to_thread(_scanned, uploads)


def _scanned(uploads: Sequence[bytes]) -> tuple[Attached, ...]:
    if not any(uploads):
        raise _wrong("没有选择文件")
    pages: list[Attached] = []
    for upload in uploads:
        pages += _pages(upload)
        if len(pages) > MOST_PAGES:
            raise _wrong(f"页数太多，一份材料最多 {MOST_PAGES} 页")
    return tuple(pages)


def _pages(upload: bytes) -> list[Attached]:
    if len(upload) > LONGEST_UPLOAD:
        raise _wrong("文件太大，每个不能超过 8 MB")
    if upload.startswith(PDF):
        return _of_pdf(upload)
    if not upload.startswith((JPEG, PNG)):
        raise _wrong("这个文件不是 JPEG、PNG 或 PDF")
    if PDF in upload[:READS_A_PDF_BY]:
        raise _wrong("这个文件里夹带了别的内容，没有留存。请重新扫描")
    return [_drawn(upload)]


def _drawn(upload: bytes) -> Attached:
    """Judged first, so that the words say what is wrong; then nothing but the picture is taken over."""
    if END_OF_ZIP in upload[-READS_A_ZIP_BY:]:
        raise _wrong("这个文件里夹带了别的内容，没有留存。请重新扫描")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(upload), formats=("JPEG", "PNG")) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise _wrong("图像太大，超过 4000 万像素。请降低扫描精度")
                if opened.format == "PNG" and getattr(opened, "is_animated", False):
                    raise _wrong("动画图像不能留存，请扫描成静止的图像")
                opened.load()
    except Image.DecompressionBombError:
        raise _wrong("图像太大，超过 4000 万像素。请降低扫描精度") from None
    except (OSError, ValueError, SyntaxError):
        raise _wrong("文件不完整或已经损坏，请重新扫描") from None
    return small(upload)


def _of_pdf(upload: bytes) -> list[Attached]:
    """Every page as a picture: what a PDF can do beside showing pages stays outside."""
    if END_OF_ZIP in upload[-READS_A_ZIP_BY:]:
        raise _wrong("这个文件里夹带了别的内容，没有留存。请重新扫描")
    said = _run(("pdfinfo", "-"), upload).decode("utf-8", "replace")
    if re.search(r"^Encrypted:\s+yes", said, re.MULTILINE):
        raise _wrong("PDF 有密码保护，不能留存。请去掉密码再上传")
    found = re.search(r"^Pages:\s+(\d+)", said, re.MULTILINE)
    count = int(found.group(1)) if found else 0
    if not count:
        raise _wrong("文件不完整或已经损坏，请重新扫描")
    if count > MOST_PAGES:
        raise _wrong(f"页数太多，一份材料最多 {MOST_PAGES} 页")
    return [_page(upload, number) for number in range(1, count + 1)]


def _page(upload: bytes, number: int) -> Attached:
    asked = ("-png", "-f", str(number), "-l", str(number), "-scale-to", str(LONGEST_EDGE), "-singlefile", "-")
    drawn = _run(("pdftoppm", *asked), upload)
    if not drawn.startswith(PNG):
        raise _wrong("文件不完整或已经损坏，请重新扫描")
    return small(drawn)


def _run(command: Sequence[str], upload: bytes) -> bytes:
    try:
        done = subprocess.run([*FETTERS, *command], input=upload, capture_output=True, timeout=PATIENCE_S, check=False)  # noqa: S603
    except FileNotFoundError:
        raise _wrong("本大厅还不能读取 PDF，请扫描成 JPEG 或 PNG") from None
    except subprocess.TimeoutExpired:
        raise _wrong("这个 PDF 太复杂，不能留存。请扫描成 JPEG 或 PNG") from None
    if done.returncode == 1 and b"password" in done.stderr.lower():
        raise _wrong("PDF 有密码保护，不能留存。请去掉密码再上传")
    if done.returncode:
        raise _wrong("文件不完整或已经损坏，请重新扫描")
    return done.stdout


def _wrong(words: str) -> NotTaken:
    return NotTaken((Problem("document", "mistaken", words),))
