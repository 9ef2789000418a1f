"""Slips on the terminal's own printer."""

from __future__ import annotations

import asyncio
from pathlib import Path

from devices.device import ReceiptPrinter
from kiosk.slip import Slip, draw_slip


class SlipPrinter:
    """Draws a slip away from the event loop and prints the picture."""

    def __init__(self, printer: ReceiptPrinter, fonts: Path) -> None:
        self._printer = printer
        self._fonts = fonts

    async def print(self, slip: Slip, *, job_id: str) -> None:
        picture = await asyncio.to_thread(draw_slip, slip, self._fonts)
        await self._printer.print_image(picture, job_id=job_id)
