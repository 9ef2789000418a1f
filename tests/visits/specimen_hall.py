"""A hall in memory that knows the specimens: the real look-ups' contents, the real recheck, the real certificates."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

from devices.document import DocumentKind, IdentityDocument, Verified
from flows.application import Application, Identity, Lookup
from flows.certificate import Certificate
from flows.flow import Flow
from flows.fold import start
from flows.matters import MATTERS
from flows.recheck import recheck
from flows.wire import Submitted, VisitOpened
from kiosk.hall_client import Refused
from tests.kiosk.fakes import CODE, FakeHall
from tests.registers import NOW, lookup_of

PEOPLE = tomllib.loads((Path(__file__).parents[2] / "assets" / "specimens" / "people.toml").read_text("utf-8"))
BY_KEY = {person["key"]: person for person in (*PEOPLE["person"], *PEOPLE["without_card"])}
TODAY = NOW.date()
REGION = "440604"


def card_of(key: str) -> IdentityDocument:
    """The resident card of a specimen; where it has expired, the social security card."""
    person = BY_KEY[key]
    ends = None if person["card_to"] == "长期" else date.fromisoformat(person["card_to"])
    social = ends is not None and ends < TODAY
    return IdentityDocument(
        kind=DocumentKind.SOCIAL_SECURITY_CARD if social else DocumentKind.RESIDENT_CARD,
        number=person["number"],
        name=person["name"][:15],
        sex=person["sex"],
        birth=date.fromisoformat(person["birth"]),
        media_id=0,
        device_id="",
        verified=Verified.CHIP if social else Verified.SAM,
        ethnic_group=person["ethnic_group"],
        address="" if social else person["card_address"],
        valid_to=date.fromisoformat(person["ssc_expiry"]) if social else ends,
    )


class SpecimenHall(FakeHall):
    """`silent` are the departments that do not answer; `issued` the certificates by visit."""

    def __init__(self, silent: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.silent = silent
        self.issued: dict[str, Certificate] = {}
        self.lookups: dict[str, Lookup] = {}

    async def open(self, visit: str, flow: Flow, identity: Identity, guardian: Identity | None) -> VisitOpened:
        self.says = lookup_of(identity.number, flow.items_for(child=guardian is not None), silent=self.silent, guardian=guardian)
        opened = await super().open(visit, flow, identity, guardian)
        self.lookups[visit] = opened.lookup
        return opened

    async def submit(self, application: Application) -> Submitted:
        lookup = self.lookups[application.visit]
        flow = MATTERS.of(application)
        if problems := recheck(flow, application, lookup, TODAY, REGION):
            raise Refused("not_taken", problems)
        taken = await super().submit(application)
        begin = start(flow, application.identity, lookup, TODAY, region=REGION, guardian=application.guardian)
        paper = None if application.to_counter else flow.certificate(replace(begin, answers=application.answers))
        if paper is None:
            return taken
        self.issued[application.visit] = paper
        return replace(taken, certificate=CODE)
