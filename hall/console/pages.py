"""Draws the console's pages from templates; autoescaped, and a name that is missing is an error."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response

from flows.application import Action, SourceKind, Status
from flows.policy import reasons
from hall.console import clock, words
from hall.delivery import MOST_TRIES

STATIC = Path(__file__).parent / "static"

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals.update(
    Action=Action,
    Status=Status,
    SourceKind=SourceKind,
    words=words,
    reasons=reasons,
    fresh_key=lambda: str(uuid4()),
    most_tries=MOST_TRIES,
)
_TEMPLATES.filters.update(at_time=clock.at_time, day_and_time=clock.day_and_time)


def drawn(template: str, **shown: object) -> str:
    return _TEMPLATES.get_template(template).render(**shown)


def page(template: str, *, status: int = 200, **shown: object) -> Response[str]:
    return Response(drawn(template, **shown), status_code=status, media_type=MediaType.HTML)
