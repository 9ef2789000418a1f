"""What a listener offers, as OpenAPI 3.1, written from its routes: each says in `opt` what it takes, gives and refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from flows.wire import Refusal
from hall.errors import AuditUnavailable, HallError, NotAllowed

VERSION = "1"
SCHEMAS = "#/components/schemas/{name}"
OFFER = "offer"
BYTES = "application/octet-stream"

ALWAYS: Mapping[int, str] = {
    400: "not_understood: the message is not of the agreed form",
    404: "not_understood: there is no such address; not_known: there is no such thing",
    405: "not_understood: not this method",
    413: "not_understood: the message is too large",
    500: "broken: the hall has a fault; ask again later",
}
"""What any address may answer, with code and cause. 500 is written down for whoever must handle it, not meant to happen."""


@dataclass(frozen=True)
class Offer:
    """One route: what it takes and gives (a type of flows.wire, a media type, or None) and which refusals it has."""

    summary: str
    takes: type | str | None = None
    gives: type | str | None = None
    refuses: tuple[type[HallError], ...] = ()

    @property
    def opt(self) -> dict[str, Offer]:
        """For the route's decorator: `@put(..., opt=Offer(...).opt)`."""
        return {OFFER: self}


def document(app: Litestar, title: str, parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The description of every route of an application. `parameters` are schemas by the name in the path; KeyError for a
    route that says nothing of itself."""
    offers = list(_offers(app))
    types = {kind for _, _, _, offer in offers for kind in (offer.takes, offer.gives) if isinstance(kind, type)}
    told = sorted({*types, Refusal}, key=lambda kind: kind.__name__)
    _, schemas = msgspec.json.schema_components(told, ref_template=SCHEMAS)
    paths: dict[str, dict[str, Any]] = {}
    for path, method, status, offer in offers:
        paths.setdefault(path, {})[method] = _operation(path, method, status, offer, parameters)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _offers(app: Litestar) -> Iterator[tuple[str, str, int, Offer]]:
    for route in app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if not isinstance(handler, HTTPRouteHandler):
                continue
            for method in sorted(set(handler.http_methods) - {"OPTIONS", "HEAD"}):
                yield re.sub(r":\w+\}", "}", route.path_format), method.lower(), handler.status_code, handler.opt[OFFER]


def _operation(path: str, method: str, status: int, offer: Offer, parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    names = re.findall(r"\{(\w+)\}", path)
    answers: dict[str, Any] = {str(status): {"description": "done", **_content(offer.gives)}}
    for code, said in _refusals(offer).items():
        answers[str(code)] = {"description": said, **_content(Refusal)}
    return {
        "operationId": f"{method} {path}",
        "summary": offer.summary,
        "parameters": [{"name": name, "in": "path", "required": True, "schema": parameters[name]} for name in names],
        **({"requestBody": {"required": True, **_content(offer.takes)}} if offer.takes else {}),
        "responses": answers,
    }


def _refusals(offer: Offer) -> dict[int, str]:
    said = dict(ALWAYS)
    refuses: tuple[type[HallError], ...] = (NotAllowed, AuditUnavailable, *offer.refuses)
    for error in refuses:
        words = f"{error.code}: {error.__doc__}"
        said[error.http] = f"{said[error.http]}; {words}" if error.http in said else words
    return said


def _content(kind: type | str | None) -> dict[str, Any]:
    if kind is None:
        return {}
    if isinstance(kind, str):
        return {"content": {kind: {}}}
    return {"content": {"application/json": {"schema": {"$ref": SCHEMAS.format(name=kind.__name__)}}}}
