"""The slip as a picture: what is big, what is readable, what never leaves its margins."""

from dataclasses import replace
from pathlib import Path

import pytest
import segno
from PIL import Image

from devices.drivers.escpos import encode
from devices.simulators.paper import picture
from kiosk.roll import MARGIN, WIDTH
from kiosk.slip import Slip, draw_slip

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
VISIT = "0197f0c2-5b7e-7c31-9d2a-1c4e7f3a91c2"
SLIP = Slip(
    hall_name="佛山市禅城区政务服务中心",
    number="A023",
    title="您的排队号码",
    reference="7F3A91C2",
    lines=(("事项", "往来港澳通行证"), ("姓名", "吕**"), ("前面还有", "3 人")),
    footer=("请带上：身份证、往来港澳通行证", "本单不是受理回执，由窗口工作人员确认才算受理"),
    qr=VISIT,
)

pytestmark = pytest.mark.skipif(not FONTS.is_dir(), reason="run scripts/fonts.py first")


def drawn(**changes: object) -> Image.Image:
    return draw_slip(replace(SLIP, **changes), FONTS)  # type: ignore[arg-type]


def ink(image: Image.Image, box: tuple[int, int, int, int] | None = None) -> int:
    """How many dots are black."""
    return (image.crop(box) if box else image).histogram()[0]


def rows_of_ink(image: Image.Image) -> list[int]:
    return [ink(image, (0, y, image.width, y + 1)) for y in range(image.height)]


def tallest_line(image: Image.Image) -> int:
    """The height of the tallest stretch of inked rows above the code: the big number."""
    stretches, height = [0], 0
    for dots in rows_of_ink(image)[:400]:
        height = height + 1 if dots else 0
        stretches.append(height)
    return max(stretches)


def test_a_slip_is_black_dots_on_a_roll_of_80_millimetres() -> None:
    image = drawn()
    assert (image.mode, image.width) == ("1", 576)
    assert 800 < image.height < 1200


def test_the_same_slip_is_the_same_picture() -> None:
    assert drawn().tobytes() == drawn().tobytes()


def test_what_is_drawn_is_what_comes_out_of_the_printer() -> None:
    assert picture(encode(drawn())).tobytes() == drawn().tobytes()


def test_the_number_is_as_tall_as_a_thumb_is_wide() -> None:
    assert tallest_line(drawn()) >= 130  # 16 mm


def test_without_a_ticket_the_reference_is_the_big_line() -> None:
    without = drawn(number="")
    assert without.tobytes() == drawn(number=SLIP.reference).tobytes()
    assert tallest_line(without) >= 60


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "WWWWWWWWWW"},
        {"hall_name": "佛山市禅城区行政服务中心综合服务大厅（祖庙街道办事处分厅）" * 2},
        {"lines": (("公民身份号码和其他证件号码", "4****************3"), ("事项", "很长的事项名称" * 9))},
        {"footer": ("请带上" * 40, "This slip is not an acceptance. Only a clerk can accept your application." * 2)},
        {"lines": (("Matter", "LLANFAIRPWLLGWYNGYLLGOGERYCHWYRNDROBWLLLLANTYSILIOGOGOGOCH"),)},
    ],
    ids=["number", "hall", "labels", "footer", "word"],
)
def test_nothing_is_cut_off_at_the_margins(changes: dict[str, object]) -> None:
    image = drawn(**changes)
    assert ink(image, (0, 0, MARGIN - 2, image.height)) == 0
    assert ink(image, (WIDTH - MARGIN + 2, 0, WIDTH, image.height)) == 0
    assert rows_of_ink(image)[-1] == 0


def test_long_words_make_a_longer_slip() -> None:
    assert drawn(footer=("请带上身份证" * 30, SLIP.footer[-1])).height > drawn().height + 100


def test_a_slip_without_footer_or_lines_is_still_a_slip() -> None:
    assert ink(drawn(footer=(), lines=())) > 0


def name_row(name: str) -> bytes:
    return drawn(lines=(("姓名", f"{name}某某"),)).tobytes()


@pytest.mark.parametrize("rare", ["𠮷", "㼆", "䶮", "𪚥", "𩧱"])
def test_a_rare_character_is_drawn_and_not_boxed(rare: str) -> None:
    assert name_row(rare) != name_row("\ue863")


def test_a_character_that_no_font_has_is_a_box() -> None:
    assert name_row("\ue863") == name_row("\ue864")
    assert name_row("\ue863") != name_row(" ")


def test_the_code_holds_the_opaque_id_and_nothing_else() -> None:
    image = drawn()
    matrix = [bytes(row) for row in segno.make(VISIT, error="q", micro=False).matrix]
    left, top, scale = code_at(image, len(matrix))
    middle = scale // 2
    read = [
        bytes(image.getpixel((left + x * scale + middle, top + y * scale + middle)) == 0 for x in range(len(matrix)))
        for y in range(len(matrix))
    ]
    assert read == matrix


def code_at(image: Image.Image, modules: int) -> tuple[int, int, int]:
    """Left, top and dots per module of the code: seven black modules in a row are its first corner."""
    below = [y for y, dots in enumerate(rows_of_ink(image)) if dots > 500][-1] + 1
    box = image.crop((0, below, 216, image.height)).point(lambda dot: 255 - dot).getbbox()
    assert box is not None
    left, top = box[0], box[1] + below
    corner = next(x for x in range(left, 216) if image.getpixel((x, top)) != 0) - left
    assert corner % 7 == 0
    assert corner // 7 >= 4  # half a millimetre: what a worn scanner still reads
    return left, top, corner // 7
