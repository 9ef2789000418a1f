"""The shared-data catalogue for anybody: pages with a search for people, JSON for machines."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.openapi import ResponseSpec
from litestar.params import FromPath

from flows import codes
from flows.wire import Refusal
from hall.bootstrap import Services
from hall.public.pages import page
from hall.public.published import PublishedCatalogue, PublishedCodes, PublishedItem, published, published_codes
from hall.public.words import CYCLES, SENSITIVITIES, SHARINGS, TYPES, WAY_WORDS
from hall.working_day import working_day

Asked = Request[Any, Any, Any]
LONGEST_SEARCH = 60
NOT_THERE = {404: ResponseSpec(Refusal, description="There is none of that name", generate_examples=False)}
WORDS = {"sharings": SHARINGS, "cycles": CYCLES, "types": TYPES, "ways": WAY_WORDS, "sensitivities": SENSITIVITIES}


@get("/catalogue", include_in_schema=False)
async def catalogue_page(request: Asked) -> Response[str]:
    """The search is in the address, so that it can be kept and sent on; it names no person."""
    asked = {name: request.query_params.get(name, "")[:LONGEST_SEARCH] for name in ("q", "department", "sharing")}
    known = _catalogue(request)
    found = known.found(asked["q"], asked["department"], asked["sharing"])
    code_titles = {name: codes.parts(name)[0].title for name in known.code_tables}
    return _page(request, "catalogue.html", catalogue=known, found=found, asked=asked, code_titles=code_titles)


@get("/catalogue/datasets/{dataset:str}", include_in_schema=False)
async def dataset_page(request: Asked, dataset: FromPath[str]) -> Response[str]:
    known = _catalogue(request)
    if (found := known.dataset(dataset)) is None:
        raise NotFoundException
    return _page(request, "dataset.html", catalogue=known, dataset=found)


@get("/catalogue/items/{item:str}", include_in_schema=False)
async def item_page(request: Asked, item: FromPath[str]) -> Response[str]:
    known = _catalogue(request)
    if (found := known.item(item)) is None:
        raise NotFoundException
    return _page(request, "item.html", catalogue=known, item=found)


@get("/catalogue/codes/{table:str}", include_in_schema=False)
async def codes_page(request: Asked, table: FromPath[str]) -> Response[str]:
    return _page(request, "codes.html", table=_codes(table), today=working_day(_services(request).clock()))


@get("/api/catalogue", summary="The whole catalogue", tags=["catalogue"])
async def whole(request: Asked) -> PublishedCatalogue:
    return _catalogue(request)


@get("/api/catalogue/items/{item:str}", summary="One kind of shared data", tags=["catalogue"], responses=NOT_THERE)
async def one_item(request: Asked, item: FromPath[str]) -> PublishedItem:
    if (found := _catalogue(request).item(item)) is None:
        raise NotFoundException
    return found


@get(
    "/api/catalogue/codes/{table:str}", summary="A code table with the days of its codes", tags=["catalogue"], responses=NOT_THERE
)
async def one_table(table: FromPath[str]) -> PublishedCodes:
    return _codes(table)


def _codes(name: str) -> PublishedCodes:
    if (found := published_codes(name)) is None:
        raise NotFoundException
    return found


def _catalogue(request: Asked) -> PublishedCatalogue:
    services, config = _services(request), _services(request).config
    day = working_day(services.clock())
    return published(services.catalogue, services.titles, services.kinds, hall=config.hall, name=config.name, day=day)


def _page(request: Asked, template: str, **shown: Any) -> Response[str]:
    services = _services(request)
    matters = {code: flow.title for code, flow in services.matters.items()}
    return page(template, services.config, status=200, words=WORDS, matters=matters, **shown)


def _services(request: Asked) -> Services:
    services: Services = request.app.state.services
    return services


ROUTES = [catalogue_page, dataset_page, item_page, codes_page, whole, one_item, one_table]
