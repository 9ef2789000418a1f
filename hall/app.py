"""The hall's two HTTP applications: the clerks' console, and what terminals may ask. Routes only."""

from __future__ import annotations

import logging
from typing import Any

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from litestar.static_files import create_static_files_router

from flows.wire import NotUnderstood, Refusal, to_json
from hall import terminal_routes
from hall.bootstrap import Services
from hall.console import (
    case_live,
    case_routes,
    correction_routes,
    library_routes,
    metrics_route,
    promise_routes,
    queue_routes,
    review_routes,
)
from hall.console.asked import NotLoggedIn
from hall.console.pages import STATIC, page
from hall.console.refusals import refusal
from hall.console.security import add_headers, check_origin
from hall.errors import HallError
from hall.libraries import peer_routes
from hall.sealing import SealBroken

log = logging.getLogger(__name__)

LARGEST_FORM = 64 * 1024
LARGEST_APPLICATION = 4 * 1024 * 1024
"""Photo, signatures and a few kept papers, in base64."""

Asked = Request[Any, Any, Any]


def console_app(services: Services) -> Litestar:
    """What clerks see in a browser."""
    return Litestar(
        [
            *queue_routes.ROUTES,
            *case_routes.ROUTES,
            *case_live.ROUTES,
            *review_routes.ROUTES,
            *promise_routes.ROUTES,
            *correction_routes.ROUTES,
            *library_routes.ROUTES,
            *metrics_route.ROUTES,
            create_static_files_router("/static", [STATIC]),
        ],
        state=State({"services": services}),
        before_request=check_origin,
        before_send=[add_headers],
        exception_handlers={
            NotLoggedIn: _log_in_first,
            HallError: _refused_page,
            HTTPException: _refused_page,
            Exception: _broken_page,
        },
        request_max_body_size=LARGEST_FORM,
        openapi_config=None,
        logging_config=None,
    )


def terminal_app(services: Services) -> Litestar:
    """What terminals and other halls ask over mutual TLS."""
    return Litestar(
        [*terminal_routes.ROUTES, *peer_routes.ROUTES],
        state=State({"services": services}),
        exception_handlers={
            HallError: terminal_routes.refused,
            NotUnderstood: terminal_routes.refused,
            SealBroken: terminal_routes.refused,
            HTTPException: _not_understood,
            Exception: _broken,
        },
        request_max_body_size=LARGEST_APPLICATION,
        openapi_config=None,
        logging_config=None,
    )


def _log_in_first(request: Asked, error: NotLoggedIn) -> Redirect:
    return Redirect("/login", status_code=303)


def _refused_page(request: Asked, error: HallError | HTTPException) -> Response[str]:
    status = error.http if isinstance(error, HallError) else error.status_code
    title, advice = refusal(error.code if isinstance(error, HallError) else str(status))
    config = request.app.state.services.config
    return page("refused.html", status=status, hall=config, session=None, title=title, advice=advice)


def _broken_page(request: Asked, error: Exception) -> Response[str]:
    _log_broken(request, error)
    title, advice = refusal("500")
    config = request.app.state.services.config
    return page("refused.html", status=500, hall=config, session=None, title=title, advice=advice)


def _not_understood(request: Asked, error: HTTPException) -> Response[bytes]:
    return Response(to_json(Refusal("not_understood")), status_code=error.status_code, media_type="application/json")


def _broken(request: Asked, error: Exception) -> Response[bytes]:
    _log_broken(request, error)
    return Response(to_json(Refusal("broken")), status_code=500, media_type="application/json")


def _log_broken(request: Asked, error: Exception) -> None:
    # Neither the error's text nor a traceback with its values: both may quote what a citizen sent.
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename.rpartition('/')[2]}:{where.tb_lineno}" if where else ""
    log.error("request_broke", extra={"method": request.method, "error": type(error).__name__, "place": place})
