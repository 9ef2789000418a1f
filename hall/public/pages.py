"""Draws the public pages: two languages on one page, autoescaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response

from flows.certificate import grouped
from hall.config import HallConfig

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["grouped"] = grouped


def drawn(template: str, **shown: Any) -> str:
    """A part of a page."""
    return _TEMPLATES.get_template(template).render(**shown)


def page(template: str, hall: HallConfig, *, status: int = 200, **shown: Any) -> Response[str]:
    text = _TEMPLATES.get_template(template).render(hall=hall, **shown)
    return Response(text, status_code=status, media_type=MediaType.HTML)
