"""The page of the base libraries: for every clerk to read, drawn anew whenever something was collected."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from litestar import Response, get
from litestar.response import Stream

from hall.console.asked import Asked, services_of, session_of, token_of
from hall.console.library_view import LibraryView, library_views
from hall.console.live import Fragment, live
from hall.console.pages import drawn, page
from hall.libraries.measure import measured
from hall.roles import Permission


@get("/libraries")
async def libraries_page(request: Asked) -> Response[str]:
    services, clerk = services_of(request), await session_of(request, Permission.LIBRARIES)
    return page("libraries.html", hall=services.config, session=clerk, libraries=await _views(request))


@get("/libraries/events", media_type="text/event-stream")
async def libraries_events(request: Asked) -> Stream:
    services = services_of(request)

    async def fragments() -> Mapping[str, Fragment] | None:
        if await services.staff.still(token_of(request)) is None:
            return None
        views = await _views(request)
        return {"libraries": Fragment(views, lambda: drawn("libraries_list.html", libraries=views))}

    pages: AsyncIterator[bytes] = live(services.store, fragments, services.closing, services.pages)
    return Stream(pages, media_type="text/event-stream")


async def _views(request: Asked) -> tuple[LibraryView, ...]:
    services = services_of(request)
    settings, now = services.collection.settings, services.clock()
    return library_views(await measured(settings, services.store, now), settings, services.titles, now)


ROUTES = [libraries_page, libraries_events]
