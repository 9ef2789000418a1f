"""The hall's two HTTP applications: the clerks' console, and what terminals may ask. Routes only."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from flows.wire import NotUnderstood, Refusal, to_json
from hall import feed_routes, peer_routes, terminal_routes
from hall.bootstrap import Services
from hall.console import (
    appointment_routes,
    audit_routes,
    case_live,
    case_routes,
    correction_routes,
    counter_routes,
    delivery_routes,
    document_routes,
    language_routes,
    library_routes,
    lock_routes,
    login_routes,
    metrics_route,
    overview_routes,
    panel_routes,
    password_routes,
    promise_routes,
    queue_routes,
    rating_routes,
    reconciliation_routes,
    review_routes,
    screen_routes,
    staff_routes,
)
from hall.console.asked import Locked, NotLoggedIn, needs
from hall.console.gate import gate
from hall.console.language import Speaking, speak
from hall.console.pages import STATIC, page
from hall.console.refusals import refusal
from hall.console.security import add_headers
from hall.errors import HallError
from hall.roles import Permission
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
            for_whom([*login_routes.ROUTES, *language_routes.ROUTES, *metrics_route.ROUTES], Permission.ANYBODY),
            for_whom([*lock_routes.ROUTES, *password_routes.ROUTES], Permission.EVERYONE),
            for_whom(staff_routes.ROUTES, Permission.STAFF),
            for_whom(audit_routes.ROUTES, Permission.AUDIT),
            for_whom(queue_routes.ROUTES, Permission.WINDOW),
            for_whom(appointment_routes.ROUTES, Permission.WINDOW, Permission.APPOINTMENTS),
            for_whom([*case_routes.ROUTES, *case_live.ROUTES], Permission.WINDOW),
            for_whom(review_routes.ROUTES, Permission.APPROVE),
            for_whom(promise_routes.ROUTES, Permission.WINDOW, Permission.APPROVE),
            for_whom(correction_routes.ROUTES, Permission.WINDOW),
            for_whom(counter_routes.ROUTES, Permission.WINDOW),
            for_whom(document_routes.ROUTES, Permission.WINDOW),
            for_whom(delivery_routes.ROUTES, Permission.DEAD_LETTERS),
            for_whom(reconciliation_routes.ROUTES, Permission.DEAD_LETTERS),
            for_whom(overview_routes.ROUTES, Permission.OVERVIEW),
            for_whom(library_routes.ROUTES, Permission.LIBRARIES),
            for_whom([screen_routes.open_screen, *panel_routes.ROUTES], Permission.WINDOW),
            for_whom(screen_routes.ROUTES, Permission.ANYBODY),  # the citizen's, by a token of its own
            for_whom(rating_routes.ROUTES, Permission.CALL_BACKS),
            create_static_files_router("/static", [STATIC], opt=needs(Permission.ANYBODY)),
        ],
        state=State({"services": services}),
        guards=[gate],
        middleware=[Speaking()],
        before_send=[add_headers],
        exception_handlers={
            NotLoggedIn: _log_in_first,
            Locked: _unlock_first,
            HallError: _refused_page,
            HTTPException: _refused_page,
            Exception: _broken_page,
        },
        request_max_body_size=LARGEST_FORM,
        openapi_config=None,
        logging_config=None,
    )


def for_whom(routes: Sequence[ControllerRouterHandler], *permissions: Permission) -> Router:
    """Routes that ask for any one of these permissions, unless one of them says otherwise by itself."""
    return Router("/", route_handlers=routes, opt=needs(*permissions))


def terminal_app(services: Services) -> Litestar:
    """What terminals and other halls ask over mutual TLS."""
    return Litestar(
        [*terminal_routes.ROUTES, *peer_routes.ROUTES, *feed_routes.ROUTES],
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


def _unlock_first(request: Asked, error: Locked) -> Redirect:
    return Redirect("/locked", status_code=303)


def _refused_page(request: Asked, error: HallError | HTTPException) -> Response[str]:
    speak(request)  # an address that no route has comes here past Speaking
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
