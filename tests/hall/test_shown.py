"""A long number in a narrow column ends its line between two of its parts."""

from __future__ import annotations

import pytest

from hall.console.shown import parted


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("440602199202299863", "440602<wbr>19920229<wbr>9863"),
        ("44060219920229986X", "440602<wbr>19920229<wbr>986X"),
        ("91440604MA9XK7P27D", "91440604<wbr>MA9XK7P27D"),
        ("C23456781", "C23456781"),
        ("广东省佛山市禅城区祖庙街道莲花路36号802房", "广东省佛山市禅城区祖庙街道莲花路36号802房"),
        ("<b>440602199202299863", "&lt;b&gt;440602199202299863"),
    ],
)
def test_a_number_breaks_between_its_parts(value: str, expected: str) -> None:
    assert parted(value) == expected
