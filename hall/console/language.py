"""In which language a page is drawn: Chinese, or what was chosen in this browser.

A Chinese message is its own id; the English ones are those of the terminal and, before them, those of
assets/words/en/console. Papers, board and the citizen's screen have their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from litestar import Request
from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from flows.words import FOLDER, Language, Words, read_catalogue

P = ParamSpec("P")
T = TypeVar("T")

COOKIE = "yimen_language"
LASTS_S = 365 * 24 * 3600
ENGLISH = FOLDER / "en"
MARKS: Mapping[str, str] = {"、": ", ", "，": ", ", "；": "; ", "：": ": ", "。": ". ", "": " "}
"""What stands in English where Chinese has its mark; "" between sentences."""

WORDS: Mapping[str, Words] = {
    "zh": Words("zh"),
    "en": Words("en", {**read_catalogue(ENGLISH), **read_catalogue(ENGLISH / "console")}),
}


@dataclass(frozen=True)
class Drawing:
    """What the page under way is drawn in, and where a browser can open it again."""

    words: Words = WORDS["zh"]
    place: str = "/"


_drawing: ContextVar[Drawing] = ContextVar("drawing", default=Drawing())  # noqa: B039 - it is frozen


class Speaking(ASGIMiddleware):
    """Every page of a request, refusals too, is drawn in the language that its browser asks for."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        speak(Request(scope))
        await next_app(scope, receive, send)


def speak(request: Request[Any, Any, Any]) -> None:
    """From here on, in the language of this request."""
    words = WORDS.get(request.cookies.get(COOKIE, ""), WORDS["zh"])
    _drawing.set(Drawing(words, request.url.path if request.method == "GET" else "/"))


def say(message: str, **values: object) -> str:
    """A message in the page's language. Markup stays markup, and what it is given is escaped."""
    return _drawing.get().words(message, **values)


def listed(parts: Iterable[str], mark: str = "、") -> str:
    """Things named one after the other, each already said; `mark` is what stands between them in Chinese."""
    return sign(mark).join(parts)


def bracketed(words: str, more: str) -> str:
    """With something more in brackets, if there is something."""
    if not more:
        return words
    return f"{words}（{more}）" if language() == "zh" else f"{words} ({more})"


def in_chinese(draw: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a page shows in its language and prints for somebody to take away: drawn once more, for the paper."""
    shown = _drawing.set(Drawing(place=place()))
    try:
        return draw(*args, **kwargs)
    finally:
        _drawing.reset(shown)


def language() -> Language:
    return _drawing.get().words.language


def place() -> str:
    """Where the page under way is opened again in another language; a page that answers a form is not."""
    return _drawing.get().place


def language_cookie(chosen: str, *, secure: bool) -> Cookie:
    """Of this browser, whoever sits there."""
    return Cookie(key=COOKIE, value=chosen, path="/", httponly=True, samesite="strict", secure=secure, max_age=LASTS_S)


def sign(mark: str) -> str:
    """A Chinese mark where it stands alone between words that are said already."""
    return mark if language() == "zh" else MARKS[mark]


def quoted(words: str) -> str:
    return f"「{words}」" if language() == "zh" else f"“{words}”"
