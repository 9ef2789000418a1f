"""One photo of a card (WLT) from stdin, through a closed decoder, to stdout as PNG: a process of its own, with limits.

It runs by its path and without this project: `python -I sam_v_photo_worker.py DECODER`. The decoder is a program, which is
given the photo on stdin and writes a BMP to stdout, or a library whose name ends with .so. Whatever goes wrong, no PNG comes.
"""

from __future__ import annotations

import ctypes
import io
import os
import resource
import subprocess
import sys

from PIL import Image

SIZE = (102, 126)
LONGEST_BMP = 65536
LIMITS = {
    resource.RLIMIT_AS: 1 << 29,
    resource.RLIMIT_CPU: 2,
    resource.RLIMIT_CORE: 0,  # neither a dump
    resource.RLIMIT_FSIZE: 0,  # nor a file keeps a face
    resource.RLIMIT_NOFILE: 64,
}


class NoPicture(Exception):
    """What the decoder gave is none of a card."""


def by_program(path: str, wlt: bytes) -> bytes:
    with subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:  # noqa: S603
        assert program.stdin
        assert program.stdout
        program.stdin.write(wlt)
        program.stdin.close()
        bmp = program.stdout.read(LONGEST_BMP + 1)
        if len(bmp) > LONGEST_BMP:
            program.kill()
    if program.returncode:
        raise NoPicture
    return bmp


def by_library(path: str, wlt: bytes) -> bytes:
    """`_Unpack(source, length, target, &length_of_target)`, as vendors call it."""
    target, length = ctypes.create_string_buffer(LONGEST_BMP), ctypes.c_int(LONGEST_BMP)
    ctypes.CDLL(path)["_Unpack"](wlt, len(wlt), target, ctypes.byref(length))
    if not 0 < length.value <= LONGEST_BMP:
        raise NoPicture
    return target.raw[: length.value]


def png_of(bmp: bytes) -> bytes:
    picture = Image.open(io.BytesIO(bmp), formats=["BMP"])
    if picture.size != SIZE:
        raise NoPicture
    written = io.BytesIO()
    picture.convert("RGB").save(written, "PNG")
    return written.getvalue()


def main() -> None:
    path, wlt = sys.argv[1], sys.stdin.buffer.read()
    for kind, most in LIMITS.items():
        resource.setrlimit(kind, (most, most))
    # What a decoder prints must not get into the picture.
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    png = png_of(by_library(path, wlt) if path.endswith(".so") else by_program(path, wlt))
    with os.fdopen(answers, "wb") as out:
        out.write(png)


if __name__ == "__main__":
    main()
