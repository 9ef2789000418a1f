"""The extract on paper: what is readable, what is left out of a long list, what never leaves its margins."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from devices.drivers.escpos import encode
from devices.simulators.paper import picture
from kiosk.extract import LONGEST, Extract, Readings, draw_extract
from kiosk.roll import MARGIN, WIDTH
from tests.kiosk.test_slip import ink, rows_of_ink

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
ENTRY = ("10:42", "自助终端 K07：向公安户籍查询了：姓名、户口所在地址")
EXTRACT = Extract(
    hall_name="佛山市禅城区政务服务中心",
    title="谁查过我的资料",
    lines=(("姓名", "吕**"), ("打印时间", "2026-11-23 10:50")),
    readings=(Readings("2026-11-23，往来港澳通行证和签注", (ENTRY, ENTRY)), Readings("2026-11-20，普通护照", (ENTRY,))),
    older=False,
    cut="这张纸印了 {printed} 条",
    footer=("有不是您办的，请告诉工作人员",),
)

pytestmark = pytest.mark.skipif(not FONTS.is_dir(), reason="run scripts/fonts.py first")


def drawn(**changes: object) -> Image.Image:
    return draw_extract(replace(EXTRACT, **changes), FONTS)  # type: ignore[arg-type]


def said(count: int) -> str:
    """What tells how many were printed, as a picture to compare with."""
    return EXTRACT.cut.format(printed=count)


def test_what_is_drawn_is_what_comes_out_of_the_printer() -> None:
    image = drawn()
    assert (image.mode, image.width) == ("1", WIDTH)
    assert picture(encode(image)).tobytes() == image.tobytes()
    assert drawn().tobytes() == image.tobytes()


def test_each_reading_makes_the_paper_longer() -> None:
    fewer = replace(EXTRACT.readings[0], entries=(ENTRY,))
    assert drawn().height > drawn(readings=(fewer, EXTRACT.readings[1])).height > drawn(readings=(fewer,)).height


def test_that_there_are_older_ones_is_said_with_how_many_are_here() -> None:
    older = drawn(older=True)
    assert older.tobytes() == drawn(footer=(said(3), *EXTRACT.footer)).tobytes()


def passports(count: int) -> tuple[Readings, ...]:
    return (Readings("2026-11-23，普通护照", (ENTRY,) * count),)


def test_a_list_too_long_for_the_paper_ends_between_two_readings_and_says_so() -> None:
    many = drawn(readings=passports(500))
    assert LONGEST < many.height < LONGEST + 400
    one, two = (drawn(readings=passports(count), footer=(said(99), *EXTRACT.footer)).height for count in (1, 2))
    count = 1 + (many.height - one) // (two - one)
    assert many.tobytes() == drawn(readings=passports(count), footer=(said(count), *EXTRACT.footer)).tobytes()


def test_a_heading_never_stands_alone_at_the_end() -> None:
    another = Readings("2026-11-01，居住证申领签注", (ENTRY,))
    assert drawn(readings=(*passports(500), another)).tobytes() == drawn(readings=passports(500)).tobytes()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "谁查过我的资料" * 9},
        {"lines": (("打印地点和终端的编号", "自助终端" * 20),)},
        {"readings": (Readings("2026-11-23，很长的事项名称" * 4, (("10:42", "Endorsements that can be applied for, " * 9),)),)},
        {"footer": ("有不是您办的" * 20,)},
        {"readings": ()},
    ],
    ids=["title", "lines", "readings", "footer", "nothing"],
)
def test_nothing_is_cut_off_at_the_margins(changes: dict[str, object]) -> None:
    image = drawn(**changes)
    assert ink(image, (0, 0, MARGIN - 2, image.height)) == 0
    assert ink(image, (WIDTH - MARGIN + 2, 0, WIDTH, image.height)) == 0
    assert rows_of_ink(image)[-1] == 0
