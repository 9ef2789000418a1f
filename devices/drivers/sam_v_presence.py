"""Presences of cards on a SAM_V, counted from what find answers: pure."""

from __future__ import annotations

import hashlib

MISSES_OF_A_REMOVED_CARD = 3


class PresenceCount:
    """Find names no card: 9F is some card, three 80s in a row are none.

    What was read from a presence is its mark. A read with another mark is another card, however
    quickly the two were swapped, and so another presence.
    """

    def __init__(self) -> None:
        self.media_id: int | None = None
        self.in_doubt = False  # the plate looked empty for a moment after a read: whose card is it now?
        self.unseen_since_read = False  # find has not seen the card since it was read
        self._counted = 0
        self._misses = 0
        self._mark = b""

    @property
    def missing(self) -> bool:
        """The last find saw nothing."""
        return self._misses > 0

    def found(self) -> bool:
        """Whether this is a new presence."""
        self._misses = 0
        self.unseen_since_read = False
        if self.media_id is not None:
            return False
        self._counted += 1
        self.media_id = self._counted
        return True

    def missed(self) -> bool:
        """Whether this was the miss that makes it three."""
        self._misses += 1
        self.in_doubt = bool(self._mark)
        return self.media_id is not None and self._misses >= MISSES_OF_A_REMOVED_CARD

    def stays(self) -> None:
        """The misses meant nothing."""
        self._misses, self.in_doubt, self.unseen_since_read = 0, False, False

    def was_read(self, text: bytes) -> bool:
        """Whether the text belongs to this presence; the first one marks it."""
        mark = hashlib.sha256(text).digest()
        self._mark = self._mark or mark
        self.in_doubt, self.unseen_since_read = False, True
        return mark == self._mark

    def end(self) -> None:
        self.media_id, self._misses, self._mark, self.in_doubt = None, 0, b"", False
