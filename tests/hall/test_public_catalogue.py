"""Catalogue and open data on the public listener: right for people and machines, and nothing personal in any answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from flows import codes
from hall.public.app import HEADERS
from hall.public.published import published_codes
from tests.hall.console_stage import Stage, running_hall
from tests.hall.test_public import NUMBERS
from tests.patience import SOON_S

PAGES = (
    "/catalogue",
    "/catalogue?q=%E6%88%B7%E5%8F%A3&department=household&sharing=conditional",
    "/catalogue/datasets/household.household_register",
    "/catalogue/items/household.address",
    "/catalogue/codes/ethnic_group",
    "/open-data",
)
MACHINES = (
    "/api/catalogue",
    "/api/catalogue/items/person.sex",
    "/api/catalogue/codes/region",
    "/api/open-data",
    "/api/open-data/matters.csv",
    "/api/open-data/days.csv",
    "/api/openapi.json",
)
PERSONAL = ("吕晓岚", "440602199202299863", "13802845678", "13702840011", "云岫", "莲花路", "019ab000", "张敏", "K07")


@pytest.fixture(scope="module")
def anybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage, httpx.Client(base_url=stage.public, timeout=SOON_S) as browser:
        a_days_work(stage)
        yield browser


def a_days_work(stage: Stage) -> None:
    """Thirteen cases, and then the next month, in which they may be told."""
    for _ in range(12):
        stage.submit("lyu", next(NUMBERS), matter="letter-at-once")
    stage.submit("elder", next(NUMBERS))
    stage.clock.later(minutes=10 * 24 * 60)


@pytest.mark.parametrize("place", [*PAGES, *MACHINES])
def test_every_answer_is_public_and_says_nothing_of_anybody(anybody: httpx.Client, place: str) -> None:
    answer = anybody.get(place)
    assert answer.status_code == 200
    assert [value for value in PERSONAL if value in answer.text] == []
    assert "set-cookie" not in answer.headers
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_a_search_finds_datasets_by_their_items_and_their_department(anybody: httpx.Client) -> None:
    def found(**asked: str) -> list[str]:
        page = anybody.get("/catalogue", params=asked).text
        return [piece.partition('"')[0] for piece in page.split('href="/catalogue/datasets/')[1:]]

    assert found(q="户号") == ["household.household_register"]
    assert found(q="permit.expiry 护照") == ["exit_entry.travel_documents"]
    assert found(sharing="unconditional") == ["market_regulation.companies", "market_regulation.credit"]
    assert set(found(department="population")) == {"population.residence_permits", "population.resident_cards"}
    assert found(q="<script>") == []


@pytest.mark.parametrize(
    "place", ["/catalogue/datasets/none", "/catalogue/items/none", "/catalogue/codes/none", "/api/catalogue/items/none"]
)
def test_what_is_not_there_is_said(anybody: httpx.Client, place: str) -> None:
    assert anybody.get(place).status_code == 404


def test_every_documented_answer_is_as_the_document_says(anybody: httpx.Client) -> None:
    document = anybody.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.")
    places = {"{item}": "person.sex", "{table}": "ethnic_group"}
    for path, operations in document["paths"].items():
        for name, known in places.items():
            path = path.replace(name, known)
        answer = anybody.get(path)
        contents = operations["get"]["responses"]["200"]["content"]
        kind, described = next(iter(contents.items()))
        assert answer.headers["content-type"].startswith(kind), path
        if kind == "application/json":
            assert fits(answer.json(), described["schema"], document) == "", path
    assert {path.split("/")[2] for path in document["paths"]} == {"catalogue", "open-data"}


def fits(value: Any, schema: dict[str, Any], document: dict[str, Any]) -> str:
    """Where a value does not fit a schema as OpenAPI writes it; "" when it does."""
    if "$ref" in schema:
        return fits(value, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    if "oneOf" in schema:
        wrong = [fits(value, one, document) for one in schema["oneOf"]]
        return "" if "" in wrong else wrong[0]
    match schema.get("type"):
        case "object" if not isinstance(value, dict):
            return f"{json.dumps(value)} is no object"
        case "object":
            missing = [name for name in schema.get("required", ()) if name not in value]
            inside = [fits(value[name], one, document) for name, one in schema.get("properties", {}).items() if name in value]
            return ", ".join([*missing, *filter(None, inside)])
        case "array":
            return next(filter(None, (fits(one, schema["items"], document) for one in value)), "")
        case "null":
            return "" if value is None else "not null"
        case kind:
            meant = {"string": str, "integer": int, "boolean": bool}[str(kind)]
            return "" if isinstance(value, meant) else f"{json.dumps(value)} is no {kind}"


def test_open_data_tells_what_is_large_enough(anybody: httpx.Client) -> None:
    month = anybody.get("/api/open-data").json()["months"][0]
    assert (month["month"], month["cases"]) == ("2026-11", 13)
    assert [(group["matters"], group["cases"]) for group in month["by_matter"]] == [(["letter-at-once", "hk-macau-permit"], 13)]
    assert anybody.get("/api/open-data/matters.csv").text.splitlines() == [
        "month,matters,cases,on_the_spot,wait_median_min,wait_p90_min",
        "2026-11,letter-at-once hk-macau-permit,13,,,",
    ]


def test_a_code_table_says_when_each_code_counted() -> None:
    table = published_codes("region")
    assert table
    days = {one.code: (one.valid_from.isoformat(), one.valid_to and one.valid_to.isoformat()) for one in table.codes}
    assert days["440602"][1] is not None, "retired in 2002"
    assert days["440604"] > days["440602"]
    assert published_codes("none") is None


@pytest.mark.parametrize("name", codes.names())
def test_every_code_table_has_a_standard_a_source_and_a_grade(name: str) -> None:
    for part in codes.parts(name):
        assert part.standard
        assert part.source
        assert part.codes
        assert all(codes.in_force(name, code, part.effective_from) for code in part.codes)


@pytest.mark.parametrize("place", ["/nothing", "/catalogue/nothing/at/all"])
def test_a_place_that_is_not_there_is_one_of_the_halls_own_pages(anybody: httpx.Client, place: str) -> None:
    answer = anybody.get(place)
    assert (answer.status_code, "禅城区行政服务中心" in answer.text) == (404, True)
