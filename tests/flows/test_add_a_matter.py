"""The matter that docs/add-a-matter.md shows is a whole one: it passes the check and can be walked."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from flows.authoring.chart import chart
from flows.authoring.check import faults
from flows.flow import Flow

PAGE = Path(__file__).parents[2] / "docs" / "add-a-matter.md"
TODAY = date(2026, 11, 23)


def shown() -> str:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_the_matter_of_the_page_has_at_least_ten_fields_in_forty_lines() -> None:
    made: dict[str, Flow] = {}
    exec(compile(shown(), str(PAGE), "exec"), made)
    flow = made["FLOW"]
    assert len(flow.fields) >= 10
    assert len(shown().splitlines()) <= 40
    assert faults(flow, TODAY, {}) == ()
    assert "老年人优待证" in chart(flow)
