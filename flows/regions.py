"""The city in a written address, as far as the rules need it."""

from __future__ import annotations

import re

_MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
_CITY = re.compile(r"(?:[^市]{2,8}?(?:省|自治区))?(?:([^省市区县]{2,5}?)市|([^省市区县]{2,12}?(?:自治州|地区|盟)))")


def city(address: str) -> str:
    """The city or prefecture, 市 left off, e.g. 佛山; "" when the address does not begin with one."""
    written = "".join(address.split())
    if written.startswith(_MUNICIPALITIES):
        return written[:2]
    found = _CITY.match(written)
    return (found[1] or found[2]) if found else ""
