"""Small videos whose frames can be told apart, and whether a file is held open."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

WIDTH, HEIGHT, BITS = 64, 48, 8


def video(folder: Path, *, frames: int, frames_a_second: float) -> Path:
    """Each frame shows its number from 0 in two rows of eight fields, white for a set bit."""
    cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")
    import numpy as np

    file = folder / "video.avi"
    written = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), frames_a_second, (WIDTH, HEIGHT))
    for number in range(frames):
        fields = np.array([[255 * (number >> bit & 1) for bit in range(row, row + BITS)] for row in (0, BITS)], np.uint8)
        grey = np.kron(fields, np.ones((HEIGHT // 2, WIDTH // BITS), np.uint8))
        written.write(np.stack([grey] * 3, axis=2))
    written.release()
    return file


def number_of(jpeg: bytes) -> int:
    with Image.open(io.BytesIO(jpeg)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (WIDTH, HEIGHT))
        fields = shown.convert("L").resize((BITS, 2), Image.Resampling.BOX).tobytes()
    return sum(1 << bit for bit, field in enumerate(fields) if field > 127)


def holds(file: Path) -> bool:
    """Whether this process has it open."""
    return any(link.resolve() == file for link in Path("/proc/self/fd").iterdir())
