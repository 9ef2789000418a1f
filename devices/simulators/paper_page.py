"""A paper on the desk before a document camera: a specimen that proves nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).parents[2] / "assets" / "fonts" / "HanSC-Regular.otf"
SIZE = (900, 1200)
DESK, SHEET, INK, RED = (92, 84, 78), (247, 246, 241), (52, 52, 56), (196, 62, 54)
LINES = (
    "兹有样本人员，为演示本终端而编造，",
    "其姓名、号码与住址均不属于任何真实的人。",
    "",
    "本页不证明任何事实，不得作为凭证使用。",
    "",
    "特此说明。",
)


def paper_page() -> Image.Image:
    """Lying a little askew, as people lay papers."""
    page = Image.new("RGB", (700, 960), SHEET)
    draw = ImageDraw.Draw(page)
    draw.text((350, 130), "证明材料（样本）", INK, _font(46), anchor="mm")
    for row, line in enumerate(LINES):
        draw.text((90, 240 + 58 * row), line, INK, _font(27))
    draw.text((610, 700), "2026年11月23日", INK, _font(27), anchor="rm")
    draw.ellipse((400, 590, 600, 790), outline=RED, width=6)
    draw.text((500, 690), "样本", RED, _font(52), anchor="mm")
    view = Image.new("RGB", SIZE, DESK)
    turned = page.rotate(1.6, Image.Resampling.BICUBIC, expand=True, fillcolor=DESK)
    view.paste(turned, ((SIZE[0] - turned.width) // 2, (SIZE[1] - turned.height) // 2))
    noise = np.random.default_rng(1).normal(0, 2, (SIZE[1], SIZE[0], 1))
    return Image.fromarray(np.clip(np.asarray(view, np.float32) + noise, 0, 255).astype(np.uint8))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A machine without the terminal's fonts shows boxes: it is still a page."""
    try:
        return ImageFont.truetype(str(FONT), size)
    except OSError:
        return ImageFont.load_default(size)
