"""Slips and extracts on the terminal's own printer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import assert_never

from PIL import Image

from devices.device import ReceiptPrinter
from kiosk.extract import Extract, draw_extract
from kiosk.slip import Slip, draw_slip


class SlipPrinter:
    """Draws a slip or an extract away from the event loop and prints the picture."""

    def __init__(self, printer: ReceiptPrinter, fonts: Path) -> None:
        self._printer = printer
        self._fonts = fonts

    async def print(self, paper: Slip | Extract, *, job_id: str) -> None:
        picture = await asyncio.to_thread(self._drawn, paper)
        await self._printer.print_image(picture, job_id=job_id)

    def _drawn(self, paper: Slip | Extract) -> Image.Image:
        match paper:
            case Slip():
                return draw_slip(paper, self._fonts)
            case Extract():
                return draw_extract(paper, self._fonts)
            case _:
                assert_never(paper)
