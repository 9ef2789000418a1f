"""The hall's public listener: what anybody may ask without a name. No cookie, nothing personal in full."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any

from litestar import Litestar, MediaType, Request, Response
from litestar.datastructures import MutableScopeHeaders, State
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router
from litestar.types import Message, Scope

from flows.wire import Refusal, to_json
from hall.bootstrap import Services
from hall.errors import HallError
from hall.public import board_routes, catalogue_routes, key_routes, open_data_routes, ticket_routes, verify
from hall.public.pace import Pace
from hall.public.pages import page

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
AT_ONCE, A_MINUTE = 10, 20

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; media-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}

Asked = Request[Any, Any, Any]


def public_app(services: Services) -> Litestar:
    return Litestar(
        [
            *verify.ROUTES,
            *catalogue_routes.ROUTES,
            *open_data_routes.ROUTES,
            *key_routes.ROUTES,
            *board_routes.ROUTES,
            *ticket_routes.ROUTES,
            create_static_files_router("/static", [STATIC]),
        ],
        state=State(
            {"services": services, "pace": Pace(AT_ONCE, A_MINUTE, time.monotonic), "tickets_pace": Pace(60, 120, time.monotonic)}
        ),
        before_send=[_add_headers],
        exception_handlers={HTTPException: _not_there, HallError: _broken, Exception: _broken},
        request_max_body_size=1024,
        openapi_config=OpenAPIConfig(
            title="一门 Yimen: shared-data catalogue and open data",
            version="1",
            description="What the departments of a hall share, and the hall's own figures. Nothing personal is in either.",
            path="/api",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        ),
        logging_config=None,
    )


async def _add_headers(message: Message, scope: Scope) -> None:
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers[name] = value


def _not_there(request: Asked, error: HTTPException) -> Response[str] | Response[bytes]:
    if request.url.path.startswith("/api/"):
        code = "not_known" if error.status_code == 404 else "not_understood"
        return Response(to_json(Refusal(code)), status_code=error.status_code, media_type=MediaType.JSON)
    return page("not_there.html", request.app.state.services.config, status=error.status_code)


def _broken(request: Asked, error: Exception) -> Response[str]:
    # Its text may quote what was asked, so only its type is logged.
    log.error("public_page_broke", extra={"error": type(error).__name__})
    return page("broken.html", request.app.state.services.config, status=500)
