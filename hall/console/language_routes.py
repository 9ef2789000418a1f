"""Chooses the language of the pages in this browser."""

from __future__ import annotations

import re

from litestar import post
from litestar.response import Redirect

from hall.console.asked import Asked, form_of, over_tls, services_of
from hall.console.language import WORDS, language_cookie
from hall.errors import FormNotUnderstood

PLACE = re.compile(r"/([\w-][\w/-]*)?", re.ASCII)


@post("/language", status_code=303)
async def choose_language(request: Asked) -> Redirect:
    """Back to the page that it was chosen on."""
    form = await form_of(request)
    chosen, place = form.get("language", ""), form.get("place", "/")
    if chosen not in WORDS or not PLACE.fullmatch(place):
        raise FormNotUnderstood
    cookie = language_cookie(chosen, secure=over_tls(services_of(request)))
    return Redirect(place, status_code=303, cookies=[cookie])


ROUTES = [choose_language]
