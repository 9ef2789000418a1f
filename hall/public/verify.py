"""Whether a certificate is genuine: anybody who holds the paper may ask, by the code on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from flows.masking import masked_name, masked_number
from hall.bootstrap import Services
from hall.certificates import CODE_LENGTH, Issued, read_code
from hall.public.pages import page
from hall.working_day import working_day

Asked = Request[Any, Any, Any]
LONGEST_TYPED = 2 * CODE_LENGTH


@dataclass(frozen=True)
class Genuine:
    """What the public learns: enough to compare with the paper in hand, too little to learn who it is."""

    code: str
    state: Literal["valid", "expired", "revoked"]
    title: str
    issuer: str
    issued_on: date
    valid_to: date | None
    name: str
    number: str


def genuine(issued: Issued, now: datetime) -> Genuine:
    until = issued.certificate.valid_to
    return Genuine(
        code=issued.code,
        state="revoked" if issued.revoked_at else "expired" if until and working_day(now) > until else "valid",
        title=issued.certificate.title,
        issuer=issued.certificate.issuer,
        issued_on=working_day(issued.issued_at),
        valid_to=until,
        name=masked_name(issued.name),
        number=masked_number(issued.number),
    )


@get("/verify", include_in_schema=False)
async def ask(request: Asked) -> Response[str]:
    """The form; what is typed into it becomes the address that the QR code has."""
    services = _services(request)
    typed = request.query_params.get("code", "")[:LONGEST_TYPED]
    if code := read_code(typed):
        return Redirect(f"/verify/{code}", status_code=303)
    return page("verify.html", services.config, wrong=bool(typed))


@get("/verify/{code:str}", include_in_schema=False)
async def answer(request: Asked, code: FromPath[str]) -> Response[str]:
    services = _services(request)
    address = request.client.host if request.client else ""
    if not request.app.state.pace.admits(address):
        return page("too_often.html", services.config, status=429)
    wanted = read_code(code[:LONGEST_TYPED])
    issued = await services.store.certificate_by(wanted) if wanted else None
    if issued is None:
        return page("unknown.html", services.config, status=404)
    return page("genuine.html", services.config, found=genuine(issued, services.clock()))


def _services(request: Asked) -> Services:
    services: Services = request.app.state.services
    return services


ROUTES = [ask, answer]
