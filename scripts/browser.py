"""The browser that the pages are driven and looked at with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

EXECUTABLE = "/usr/bin/chromium-headless-shell"
"""Debian's Chromium without the windows around the page, for two thirds of the work. It shows no PDF: it takes it down."""


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """Playwright's own download is neither needed nor reachable."""
    usual = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=[*usual, *flags])
        try:
            yield browser
        finally:
            browser.close()
