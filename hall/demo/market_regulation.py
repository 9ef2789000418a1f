"""市场监督管理: no service at all, only a process that drops the register as CSV files into a folder."""

from __future__ import annotations

import asyncio
import csv
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import assert_never
from zoneinfo import ZoneInfo

from hall.demo.behaviour import CannotStart, Mode, Place
from hall.demo.people import everybody
from hall.demo.person import Company

EVERY_S = 180.0
LOOK_S = 0.25
KEPT_FILES = 3
HEADING = ("统一社会信用代码", "企业名称", "登记状态", "核准日期", "信用状况")


async def run(place: Place, port: int | None, ready: Callable[[str], None]) -> None:
    """Drops files until cancelled: at the start, every few minutes, and whenever it is told to behave otherwise."""
    told = place.behaviour().mode
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        dropped_at = _act(place.folder, told)
    except OSError as error:
        raise CannotStart(f"{place.folder} cannot be written: {error.strerror}") from error
    ready(str(place.folder))
    while True:
        await asyncio.sleep(LOOK_S)
        mode = place.behaviour().mode
        if mode is not told or time.monotonic() - dropped_at >= EVERY_S:
            told, dropped_at = mode, _act(place.folder, mode)


def companies() -> tuple[Company, ...]:
    """Each company once, by its code."""
    return tuple({p.company.credit_code: p.company for p in everybody() if p.company}.values())


def _act(folder: Path, mode: Mode) -> float:
    register = companies()
    match mode:
        case Mode.WELL:
            _drop(folder, _csv(register))
        case Mode.WRONG:  # each code beside the name of the next company
            names = (*register[1:], register[0])
            _drop(folder, _csv([replace(n, credit_code=c.credit_code) for c, n in zip(register, names, strict=True)]))
        case Mode.NONSENSE:  # torn in the middle of a row
            _drop(folder, _csv(register)[:-200])
        case Mode.DOWN:
            for path in folder.glob("*.csv"):
                path.unlink()
        case Mode.SLOW:
            pass  # the next file does not come; the last one grows old
        case _:
            assert_never(mode)
    return time.monotonic()


def _csv(register: Sequence[Company]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADING)
    writer.writerows((c.credit_code, c.name, c.status, c.as_of, c.credit) for c in register)
    writer.writerow(("END", len(register)))
    return text.getvalue().encode("gb18030")


def _drop(folder: Path, content: bytes) -> None:
    """Written aside and renamed, so that a reader never meets half a file."""
    name = f"GSDJ_{datetime.now(ZoneInfo('Asia/Shanghai')):%Y%m%dT%H%M%S}"
    aside = folder / f"{name}.part"
    aside.write_bytes(content)
    aside.replace(folder / f"{name}.csv")
    for old in sorted(folder.glob("*.csv"))[:-KEPT_FILES]:
        old.unlink()
