"""What an acceptance rests on."""

from __future__ import annotations

from dataclasses import dataclass

from flows.application import Application, Lookup


@dataclass(frozen=True)
class Basis:
    """The application as its clerk saw it, and what the departments said in that moment."""

    application: Application
    lookup: Lookup
