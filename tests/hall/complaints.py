"""What a browser complains of while it shows the hall's pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage

EXPECTED = (
    "the server responded with a status of 4",  # a refused action is told with 409 or 422
    "Response Status Error Code 4",
    "net::ERR_",  # a story took the line or the hall away
    "[object Event]",  # and with it the stream of a live page
)


@contextmanager
def uncomplaining(context: BrowserContext) -> Iterator[None]:
    """Fails when the browser complained of any page within the block: of an error in a script, a breach of the policy."""
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda message: complaints.extend(_complaint(message)))
    yield
    for page in context.pages:
        page.wait_for_load_state("load")  # cut off in the middle it complains of what it has not read yet
        page.close()
    assert not complaints, complaints


def _complaint(message: ConsoleMessage) -> list[str]:
    told = any(words in message.text for words in EXPECTED)
    return [message.text] if message.type in ("error", "warning") and not told else []
