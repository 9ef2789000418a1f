"""The benchmark of card reads still runs, on a small scale; what it measures says nothing here."""

import asyncio

from benchmarks.devices_sam_v import Row, measured


def test_reading_a_card_against_its_line() -> None:
    row = asyncio.run(measured(115200, 2))
    assert row.line_ms > 100  # 1,300 bytes cannot be faster
    assert row.read_ms > 0.9 * row.line_ms


def test_a_row_says_whether_the_limit_was_kept() -> None:
    assert str(Row(9600, 110.0, 100.0)).startswith("PASS    SAM_V at   9600 baud")
    assert str(Row(9600, 111.0, 100.0)).startswith("MISSED  SAM_V at   9600 baud")
