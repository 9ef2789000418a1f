"""A person register as the BRP API Personen 2.5.0 describes it (operation RaadpleegMetBurgerservicenummer), as a process.

Written from the facts of that interface: paths, names of fields, shapes, status codes and errors. The first
person is made of the examples that the specification gives for each field; the others, invented, have the gaps and doubts that it
describes. `python -m tests.hall.brp_server KEY_FILE` says READY and its address.
"""

from __future__ import annotations

import hmac
import json
import re
import sys
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PLACE = "/haalcentraal/api/brp/personen"
TYPE = "RaadpleegMetBurgerservicenummer"
PARAMETERS = {"type", "fields", "burgerservicenummer", "gemeenteVanInschrijving"}
ALWAYS = ("geheimhoudingPersoonsgegevens", "opschortingBijhouding")
FIELDS = {
    "aNummer",
    "burgerservicenummer",
    "datumInschrijvingInGemeente",
    "gemeenteVanInschrijving",
    "geslacht",
    "leeftijd",
    *(f"naam.{field}" for field in ("voornamen", "voorvoegsel", "geslachtsnaam", "voorletters", "volledigeNaam")),
    *(f"geboorte.{field}" for field in ("datum", "land", "plaats")),
    *(f"adressering.{field}" for field in ("adresregel1", "adresregel2", "adresregel3", "land")),
    *(f"verblijfplaats.{field}" for field in ("datumVan", "functieAdres")),
}
"""The part of the fields that this register fills; it refuses every other one, as the interface wants it."""

MONTH = {"type": "JaarMaandDatum", "jaar": 2018, "maand": 7, "langFormaat": "juli 2018"}  # the specification's own
YEAR = {"type": "JaarDatum", "jaar": 1987, "langFormaat": "1987"}
UNKNOWN = {"type": "DatumOnbekend", "onbekend": True, "langFormaat": "onbekend"}


def _day(iso: str, words: str) -> dict[str, str]:
    return {"type": "Datum", "datum": iso, "langFormaat": words}


SINCE = {"datumIngangOnderzoek": _day("2026-03-02", "2 maart 2026")}
PERSONS: tuple[Mapping[str, Any], ...] = (
    {  # value by value what the specification gives as its example
        "burgerservicenummer": "555555021",
        "geslacht": {"code": "V", "omschrijving": "vrouw"},
        "naam": {
            "voornamen": "Pieter Jan",
            "voorvoegsel": "de",
            "geslachtsnaam": "Vries",
            "voorletters": "P.J.",
            "volledigeNaam": "Pieter Jan de Vries",
        },
        "geboorte": {"datum": _day("1964-09-24", "24 september 1964"), "plaats": {"code": "6030", "omschrijving": "Nederland"}},
        "adressering": {"adresregel1": "Kappeyne v d Cappellostr 26A-3", "adresregel2": "1234AA Nootdorp"},
        "verblijfplaats": {
            "type": "Adres",
            "functieAdres": {"code": "W", "omschrijving": "woonadres"},
            "datumVan": _day("2018-07-01", "1 juli 2018"),
        },
    },
    {
        "burgerservicenummer": "999990408",
        "geslacht": {"code": "M", "omschrijving": "man"},
        "inOnderzoek": {"geslacht": True, "datumIngangOnderzoekPersoon": _day("2026-03-02", "2 maart 2026")},
        "naam": {
            "voornamen": "Joris",
            "geslachtsnaam": "Óltmans",
            "volledigeNaam": "Joris Óltmans",
            "inOnderzoek": {"voornamen": True, "volledigeNaam": True, **SINCE},
        },
        "geboorte": {"datum": YEAR, "plaats": {"omschrijving": "Nergenshuizen"}},
        "adressering": {
            "adresregel1": "Testlaan 3 A",
            "adresregel2": "4321 BA  VOORBEELD",
            "inOnderzoek": {"adresregel1": True, "datumIngangOnderzoekVerblijfplaats": _day("2026-03-02", "2 maart 2026")},
        },
        "verblijfplaats": {"type": "Adres", "datumVan": MONTH, "inOnderzoek": {"datumVan": False}},
    },
    {
        "burgerservicenummer": "999990676",
        "geslacht": {"code": "O", "omschrijving": "onbekend"},
        "naam": {"geslachtsnaam": "Enkel", "volledigeNaam": "Enkel"},
        "geboorte": {"datum": UNKNOWN},
        "verblijfplaats": {"type": "VerblijfplaatsOnbekend", "datumVan": UNKNOWN},
    },
)


def problems(asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Code and parameter of everything that the interface refuses."""
    yield from (("unknownParam", name) for name in sorted(set(asked) - PARAMETERS))
    for name, most, form in (("burgerservicenummer", 20, r"[0-9]{9}"), ("fields", 130, r"[a-zA-Z0-9._]{1,200}")):
        given = asked.get(name)
        if given is None:
            yield "required", name
        elif not isinstance(given, list):
            yield "array", name
        elif not 1 <= len(given) <= most:
            yield ("maxItems" if given else "minItems"), name
        else:
            wrong = [number for number, text in enumerate(given) if not isinstance(text, str) or not re.fullmatch(form, text)]
            yield from (("pattern", f"{name}[{number}]") for number in wrong)
            if name == "fields" and not wrong:
                yield from (("fields", f"fields[{number}]") for number, text in enumerate(given) if not _is_field(text))


def _is_field(path: str) -> bool:
    return any(field == path or field.startswith(f"{path}.") for field in FIELDS)


def shown(person: Mapping[str, Any], fields: list[str]) -> dict[str, Any]:
    """Only what was asked for, with the inquiry into it."""
    told: dict[str, Any] = {name: person[name] for name in ALWAYS if name in person}
    for field in fields:
        group, _, inner = field.partition(".")
        if group not in person:
            continue
        if not inner:
            told[group] = person[group]
        elif inner in person[group]:
            told.setdefault(group, {k: v for k, v in person[group].items() if k == "type"})[inner] = person[group][inner]
        _inquire(told, person, group, inner)
    return told


def _inquire(told: dict[str, Any], person: Mapping[str, Any], group: str, inner: str) -> None:
    into = (told.get(group), person[group], inner) if inner else (told, person, group)
    shown_in, whole, name = into
    inquiry = whole.get("inOnderzoek", {}) if isinstance(whole, dict) else {}
    if shown_in is not None and inquiry.get(name):
        since = {key: value for key, value in inquiry.items() if key.startswith("datumIngang")}
        shown_in.setdefault("inOnderzoek", dict(since))[name] = True


class Register(BaseHTTPRequestHandler):
    """One question."""

    protocol_version = "HTTP/1.1"
    key = b""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not hmac.compare_digest(self.headers.get("X-API-KEY", "").encode(), self.key):
            return self._refuse(401, "authentication", "Niet correct geauthenticeerd.")
        if self.path != PLACE:
            return self._refuse(404, "notFound", "Opgevraagde resource bestaat niet.")
        if self.headers.get_content_type() != "application/json":
            return self._refuse(415, "unsupported", "Media type wordt niet ondersteund.")
        asked = json.loads(body)
        if asked.get("type") != TYPE:
            return self._refuse(400, "paramsValidation", "Een of meerdere parameters zijn niet correct.")
        if wrong := list(problems(asked)):
            return self._refuse(400, "paramsValidation", "Een of meerdere parameters zijn niet correct.", wrong)
        found = [person for person in PERSONS if person["burgerservicenummer"] in asked["burgerservicenummer"]]
        return self._say(200, "application/json", {"type": TYPE, "personen": [shown(p, asked["fields"]) for p in found]})

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _refuse(self, status: int, code: str, title: str, wrong: list[tuple[str, str]] | None = None) -> None:
        told: dict[str, Any] = {"title": title, "status": status, "code": code, "instance": PLACE}
        if wrong:
            told["invalidParams"] = [{"code": code, "name": name} for code, name in wrong]
        self._say(status, "application/problem+json", told)

    def _say(self, status: int, kind: str, told: Mapping[str, Any]) -> None:
        body = json.dumps(told, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """Does not mind a visitor who only looks whether it is there."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionResetError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def main(key_file: str) -> None:
    Register.key = Path(key_file).read_bytes()
    with Server(("127.0.0.1", 0), Register) as server:
        print(f"READY http://127.0.0.1:{server.server_port}/haalcentraal/api/brp", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
