"""Every matter the hall handles. To add one, copy a file here: each file of this folder has one FLOW, and
EARLIER versions of it for the cases that were begun with them."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from flows.flow import Flow, Matters


def _every() -> Iterator[Flow]:
    for module in iter_modules(__path__):
        matter = import_module(f"{__name__}.{module.name}")
        yield from (*getattr(matter, "EARLIER", ()), matter.FLOW)


MATTERS = Matters(_every())
