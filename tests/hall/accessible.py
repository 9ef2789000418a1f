"""What axe-core finds wrong on a page: WCAG 2.2 A and AA, and its best practices."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = Axe()


def violations(page: Page, part: str = "html") -> list[str]:
    """One line for each rule and place that the page, or `part` of it, breaks once its styles and scripts are there."""
    page.wait_for_load_state("load")
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = _AXE.run(page, context=part, options=options).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]
