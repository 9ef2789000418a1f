"""Closed decoders of card photos: one that works, and all the ways in which they do not."""

import io
import logging
import os
import select
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from devices.drivers import SettingsWrong, make_reader
from devices.drivers.sam_v_photo import PhotoDecoder
from devices.simulators.sam_v_plate import PHOTO
from tests.devices.plate_on_a_pty import LYU, plate, tell
from tests.patience import SOON_S

BMP = """
import struct, sys
def bmp(width=102, height=126, colour=(0, 0, 0)):
    row = bytes(colour) * width
    row += bytes(-len(row) % 4)
    size = len(row) * abs(height)
    head = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 54 + size, 0, 0, 54, 40, width, height, 1, 24, 0, size, 0, 0, 0, 0)
    return head + row * abs(height)
photo = sys.stdin.buffer.read()
out = sys.stdout.buffer
"""
WORKS = "assert len(photo) == 1024; out.write(bmp(colour=photo[8:11]))"
FAILS = {
    "crashes": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "crashes after a picture": "out.write(bmp()); out.flush(); import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "floods": "while True: out.write(bytes(1 << 16))",
    "floods after a picture": "out.write(bmp())\nwhile True: out.write(bytes(1 << 16))",
    "says nothing": "",
    "garbage": "out.write(bytes(range(256)) * 150)",
    "another size": "out.write(bmp(width=102, height=127))",
    "lies about its size": "out.write(bmp(width=1 << 20, height=126)[:54])",
    "cut off": "out.write(bmp()[:20000])",
    "another format": "out.write(b'GIF89a' + bytes(2000))",
    "takes all memory": "held = bytearray(1 << 31); out.write(bmp())",
}


def program(folder: Path, does: str) -> Path:
    made = folder / "decoder"
    made.write_text(f"#!{sys.executable} -I\n{BMP}\n{does}\n")
    made.chmod(0o700)
    return made


def library(folder: Path, does: str) -> Path:
    source, made = folder / "decoder.c", folder / "libdecoder.so"
    source.write_text(
        "#include <stdio.h>\n#include <string.h>\n#include <stdlib.h>\n"
        "int _Unpack(const unsigned char *from, int length, unsigned char *to, int *to_length) {\n"
        f"{does}\nreturn 1; }}\n"
    )
    subprocess.run(["gcc", "-shared", "-fPIC", "-O0", "-w", "-o", made, source], check=True)
    return made


def portrait(decoder: Path, wlt: bytes = PHOTO, *, deadline_s: float = SOON_S) -> bytes:
    return PhotoDecoder(decoder, deadline_s).portrait(wlt)


def colour(png: bytes) -> tuple[int, ...]:
    picture = Image.open(io.BytesIO(png), formats=["PNG"])
    assert (picture.size, picture.mode) == ((102, 126), "RGB")
    colours = picture.getcolors()
    assert colours
    assert len(colours) == 1
    found = colours[0][1]
    assert isinstance(found, tuple)
    return found


def test_a_decoder_that_works_gives_a_portrait(tmp_path: Path) -> None:
    assert colour(portrait(program(tmp_path, WORKS))) == (PHOTO[10], PHOTO[9], PHOTO[8])


@pytest.mark.parametrize("does", FAILS.values(), ids=FAILS)
def test_a_decoder_that_fails_gives_no_portrait_and_nothing_else(
    tmp_path: Path, does: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert portrait(program(tmp_path, does)) == b""
    assert [record.message for record in caplog.records] == ["photo_not_decoded"]
    assert os.listdir(tmp_path) == ["decoder"]


def test_a_decoder_that_hangs_is_ended_at_the_deadline_with_all_that_it_started(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    does = f"import os, time; os.write(os.open({str(alive)!r}, os.O_WRONLY), b'x'); time.sleep(3600)"
    listening = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)
    assert portrait(program(tmp_path, does), deadline_s=4.0) == b""
    assert os.read(listening, 2) == b"x"
    assert select.select([listening], [], [], SOON_S)[0]
    assert os.read(listening, 2) == b""  # nobody holds the other end any more
    os.close(listening)


def test_a_decoder_cannot_keep_a_face_in_a_file(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert portrait(program(tmp_path, f"open({str(kept)!r}, 'wb', 0).write(photo); out.write(bmp())")) == b""
    assert kept.read_bytes() == b""


def test_no_decoder_where_one_was_is_no_portrait(tmp_path: Path) -> None:
    assert portrait(tmp_path / "gone") == b""
    assert portrait(tmp_path / "gone.so") == b""


def test_what_is_no_photo_of_a_card_is_given_to_no_decoder(tmp_path: Path) -> None:
    assert portrait(program(tmp_path, "out.write(bmp())"), b"") == b""


HEADER = """
    unsigned char head[54] = {'B', 'M', 0xB6, 0x97, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 102, 0, 0, 0, 126, 0, 0, 0,
                              1, 0, 24, 0};
    int size = 54 + 308 * 126;
    memset(to, 7, size); memcpy(to, head, 54); *to_length = size;
"""


def test_a_vendors_library_gives_a_portrait_whatever_it_prints(tmp_path: Path) -> None:
    decoder = library(tmp_path, HEADER + 'puts("licence ok"); fflush(stdout);')
    assert colour(portrait(decoder)) == (7, 7, 7)


@pytest.mark.parametrize(
    "does",
    [
        "*(volatile int *)0 = 1;",
        HEADER + "memset(to, 7, 100000000);",
        HEADER + "*to_length = 1 << 30;",
        HEADER + "*to_length = -1;",
        "*to_length = 0;",
        "exit(0);",
        "abort();",
    ],
    ids=["crash", "overflow", "length", "negative", "nothing", "exit", "abort"],
)
def test_a_vendors_library_that_fails_takes_nothing_with_it(tmp_path: Path, does: str) -> None:
    assert portrait(library(tmp_path, does)) == b""


def test_a_card_is_read_with_its_portrait_and_its_photo(tmp_path: Path) -> None:
    async def story() -> None:
        async with plate(decoder=PhotoDecoder(program(tmp_path, WORKS), SOON_S)) as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            card = await on.reader.read_identity()
            assert (card.name, card.photo) == ("吕晓岚", PHOTO)
            assert colour(card.portrait) == (PHOTO[10], PHOTO[9], PHOTO[8])

    tell(story)


def test_a_card_is_read_without_a_portrait_when_the_decoder_crashes(tmp_path: Path) -> None:
    async def story() -> None:
        async with plate(decoder=PhotoDecoder(program(tmp_path, FAILS["crashes"]), SOON_S)) as on:
            on.simulator.lay(LYU)
            await on.media(("mediaInserted", 1))
            card = await on.reader.read_identity()
            assert (card.name, card.photo, card.portrait) == ("吕晓岚", PHOTO, b"")

    tell(story)


def test_a_decoder_is_named_in_the_settings(tmp_path: Path) -> None:
    decoder = program(tmp_path, WORKS)
    assert make_reader("sam_v", {"port": "/dev/ttyS0", "photo_decoder": str(decoder)}).id == "sam_v"
    with pytest.raises(SettingsWrong, match="is no file"):
        make_reader("sam_v", {"port": "/dev/ttyS0", "photo_decoder": str(tmp_path / "gone")})
