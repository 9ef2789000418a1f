"""Writes docs/reference.md from the code: `python -m scripts.reference`. A test keeps it true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from devices.device import Completion
from devices.drivers import CAMERAS, IO_BOARDS, PAGE_PRINTERS, POWER_SUPPLIES, PRINTERS, READERS, SCANNERS
from flows.items import ITEMS
from flows.matters import MATTERS
from flows.reasons import REASONS
from hall import staff_errors  # noqa: F401  # so that every refusal is known
from hall.audit import EVENTS
from hall.config import KEYS
from hall.console.words import DOUBT
from hall.departments import KINDS, OTHERS, TEXTS
from hall.errors import HallError
from kiosk.config import SECTIONS
from kiosk.config import TABLES as LISTS

FILE = Path(__file__).parent.parent / "docs" / "reference.md"


def page() -> str:
    """The whole page."""
    return "\n".join([*_head(), *_matters(), *_items(), *_devices(), *_hall(), *_settings()]) + "\n"


def _head() -> Iterator[str]:
    yield "# Reference"
    yield "Made from the code by `python -m scripts.reference`; a test fails when it is out of date."


def _matters() -> Iterator[str]:
    yield from ("", "## Matters", "", "| code | title | version | pages | policy |", "|---|---|---|---|---|")
    for flow in MATTERS.values():
        pages = ", ".join(page.name for page in flow.pages)
        yield f"| `{flow.code}` | {flow.title} | {flow.version} | {pages} | {flow.policy_version} |"


def _items() -> Iterator[str]:
    yield from ("", "## Items of shared data", "", "| item | title | form | sensitivity |", "|---|---|---|---|")
    for item in ITEMS.values():
        yield f"| `{item.key}` | {item.title} | {type(item.kind).__name__} | {item.sensitivity} |"


def _devices() -> Iterator[str]:
    yield from ("", "## Device drivers", "", "| driver | device | settings |", "|---|---|---|")
    fitted = (
        ("identity reader", READERS),
        ("receipt printer", PRINTERS),
        ("camera", CAMERAS),
        ("page printer", PAGE_PRINTERS),
        ("scanner", SCANNERS),
        ("lights, presence sensor, keypad", IO_BOARDS),
        ("power supply", POWER_SUPPLIES),
    )
    for device, drivers in fitted:
        for name, driver in drivers.items():
            yield f"| `{name}` | {device} | {_listed(driver.settings)} |"
    yield from ("", "How a device says that it failed: " + ", ".join(f"`{code}`" for code in Completion) + ".")


def _hall() -> Iterator[str]:
    yield from (
        "",
        "## Kinds of connection to a department",
        "",
        "| kind | options it needs | options it may have |",
        "|---|---|---|",
    )
    yield from (f"| `{name}` | {_listed(kind.needs)} | {_listed(kind.may)} |" for name, kind in KINDS.items())
    yield from ("", "## What the hall refuses", "", "| code | HTTP | meaning |", "|---|---|---|")
    for error in HallError.__subclasses__():
        yield f"| `{error.code}` | {error.http} | {error.__doc__} |"
    yield from ("", "## Reasons of decisions", "", "| code | action | words |", "|---|---|---|")
    for reason in REASONS.values():
        yield f"| `{reason.code}` | {reason.action} | {reason.words} |"
    yield from ("", "## Why a record is in doubt", "", "| code | what the clerk reads |", "|---|---|")
    yield from (f"| `{code}` | {words} |" for code, words in DOUBT.items())
    yield from ("", "## Audit events", "", "| event | meaning |", "|---|---|")
    yield from (f"| `{code}` | {meaning} |" for code, meaning in EVENTS.items())


def _settings() -> Iterator[str]:
    yield from ("", "## Settings", "", "| file | section | settings |", "|---|---|---|")
    for file, sections in (("hall.toml", KEYS), ("kiosk.toml", SECTIONS)):
        for section, names in sections.items():
            yield f"| {file} | `{section}` | {_listed(names) or 'what the driver takes'} |"
    yield f"| kiosk.toml | | {_listed(LISTS)} |"
    yield f"| one file a department | | {_listed(TEXTS | OTHERS)} |"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
