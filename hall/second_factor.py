"""The second factor: a code of six digits from a telephone (TOTP, RFC 6238), or one of ten codes on paper."""

from __future__ import annotations

import hmac
import io
import secrets
from datetime import datetime

import pyotp
import segno

STEP_S = 30
DIGITS = 6
SKEW_STEPS = 1
"""Codes of the step before and after are taken too: telephones' clocks are not the hall's."""

RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that a hand-written code would leave in doubt."""


def new_secret() -> str:
    """160 bits in base32, as every authenticator takes them."""
    return pyotp.random_base32()


def address(secret: str, name: str, hall: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=hall)


def picture(address: str) -> bytes:
    """The QR code as SVG, without a style of its own: the console's policy would refuse it."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=2, xmldecl=False, svgns=True)
    return drawn.getvalue()


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """Which step of 30 s the code belongs to; None: to none near this instant. Whether it was used is not known here."""
    now = int(at.timestamp()) // STEP_S
    totp, found = pyotp.TOTP(secret), None
    for step in range(now - SKEW_STEPS, now + SKEW_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            found = step
    return found


def code_at(secret: str, at: datetime) -> str:
    """What the telephone shows at an instant."""
    return pyotp.TOTP(secret).generate_otp(int(at.timestamp()) // STEP_S)


def is_recovery(code: str) -> bool:
    """By its form; six digits are the telephone's."""
    return not (len(code) == DIGITS and code.isascii() and code.isdecimal())


def recovery_codes() -> tuple[str, ...]:
    """Ten of 50 bits each, in two groups."""
    return tuple(f"{_letters(5)}-{_letters(5)}" for _ in range(RECOVERY_CODES))


def plain(code: str) -> str:
    """As a hand types it: spaces, hyphens and upper case do not matter."""
    return "".join(code.split()).replace("-", "").lower()


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))
