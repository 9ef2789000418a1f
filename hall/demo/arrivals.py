"""What a department includes to take in a clerk whom a hall hands over (后台系统跳转): copy this file, it needs joserfc only.

    arrival = verify(token, keys, audience="exit_entry", issuer="https://hall.example.cn", now=now, first_time=remember)

`keys` are the hall's, from https://hall.example.cn/.well-known/jwks.json; `first_time` keeps a jti until it is worthless
and says whether it was new, in one statement of the department's own database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

ALGORITHM = "ES256"
SKEW_S = 5
LONGEST = timedelta(minutes=5)
LARGEST = 4096
TEXTS = ("sub", "window", "hall", "visit", "matter", "case")

WORDS: Mapping[str, tuple[str, str]] = {
    "garbled": ("没有看懂这次跳转", "请回到大厅的窗口工作台，从办件页面重新打开。"),
    "altered": ("跳转凭证不可信", "签名对不上：内容可能被改动过，或不是大厅签发的。请从办件页面重新打开；再出现请报告管理员。"),
    "unknown_key": ("跳转凭证不可信", "不认识签名用的密钥。请从办件页面重新打开；再出现请报告管理员。"),
    "late": ("跳转已经过期", "凭证一分钟内有效。请回到办件页面重新打开。"),
    "elsewhere": ("这不是给本部门的跳转", "凭证写明的是别的部门或别的大厅。请从办件页面重新打开。"),
    "replayed": ("这次跳转已经用过", "每次跳转只能用一次。请回到办件页面重新打开。"),
    "no_keys": ("暂时核不了跳转", "取不到大厅的公钥。请稍候再从办件页面打开。"),
}


class ArrivalRefused(Exception):
    """Nobody is let in; `code` says why, WORDS what the clerk reads."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Arrival:
    """Who came, from which window, to which case. `case` is the department's own number, "" when it has none yet."""

    clerk: str
    window: str
    hall: str
    visit: str
    matter: str
    case: str


def verify(
    token: str, keys: KeySet, *, audience: str, issuer: str, now: datetime, first_time: Callable[[str, datetime], bool]
) -> Arrival:
    """Raises ArrivalRefused. Only what passed every other check is remembered: a stranger cannot use a token up."""
    if not token or len(token) > LARGEST:
        raise ArrivalRefused("garbled")
    try:
        claims = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
    except InvalidKeyIdError:
        raise ArrivalRefused("unknown_key") from None
    except (JoseError, ValueError):
        raise ArrivalRefused("altered") from None
    _in_time_and_here(claims, audience, issuer, now)
    jti, said = claims.get("jti"), {name: claims.get(name) for name in TEXTS}
    if not isinstance(jti, str) or not jti or not all(isinstance(text, str) for text in said.values()):
        raise ArrivalRefused("garbled")
    if not first_time(jti, datetime.fromtimestamp(claims["exp"], UTC) + timedelta(seconds=2 * SKEW_S)):
        raise ArrivalRefused("replayed")
    texts = {name: str(text) for name, text in said.items()}
    clerk = texts.pop("sub").removeprefix("clerk:")
    return Arrival(clerk=clerk, **texts)


def _in_time_and_here(claims: Mapping[str, object], audience: str, issuer: str, now: datetime) -> None:
    begins, ends = claims.get("iat"), claims.get("exp")
    if not isinstance(begins, int) or not isinstance(ends, int) or ends - begins > LONGEST.total_seconds():
        raise ArrivalRefused("garbled")
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=SKEW_S,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
    )
    try:
        registry.validate(dict(claims))
    except ExpiredTokenError:
        raise ArrivalRefused("late") from None
    except InvalidClaimError as error:
        raise ArrivalRefused("elsewhere" if error.claim in ("iss", "aud") else "late") from None
    except JoseError:
        raise ArrivalRefused("garbled") from None
