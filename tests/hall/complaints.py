"""What a browser complains of while it shows the hall's pages."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage

REFUSED = "the server responded with a status of 4"
"""A refused action is told with 409 or 422, which the browser notes as a failed resource."""
CUT_OFF = ("net::ERR_", "Response Status Error Code 4")
"""A story that takes the hall away, or ends a session, hears this too."""


def complaint(message: ConsoleMessage, *expected: str) -> list[str]:
    told = any(words in message.text for words in (REFUSED, *expected))
    return [message.text] if message.type in ("error", "warning") and not told else []
