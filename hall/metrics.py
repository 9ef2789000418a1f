"""What a monitoring system may count: codes of departments and reasons, a line of the audit, never anything of a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from flows.application import Outcome
from hall.breaker import Spared
from hall.departments.connection import Reason
from hall.pulse import Pulse

CONTENT_TYPE = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")  # the answer adds its own

Why = Literal["slow", "down"]
"""Why a department was asked once more."""

REASONS = frozenset({"", *get_args(Reason), "no_key", "not_shared", "not_for_matter", "not_in_force"})

SECONDS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)


class Metrics:
    """A registry of its own: two halls in one process do not count together."""

    def __init__(self) -> None:
        self.pulse = Pulse()
        self._states: dict[str, Callable[[], Spared]] = {}
        self._registry = registry = CollectorRegistry()
        self._answers = Counter(
            "yimen_department_answers",
            "What came of asking, or of not asking",
            ["department", "outcome", "reason"],
            registry=registry,
        )
        self._seconds = Histogram(
            "yimen_department_seconds", "From the question to a good answer", ["department"], buckets=SECONDS, registry=registry
        )
        self._again = Counter("yimen_department_asked_again", "Second questions", ["department", "why"], registry=registry)
        self._remembered = Counter(
            "yimen_department_remembered", "Answers of the same visit used again", ["department"], registry=registry
        )
        self._spared = Gauge(
            "yimen_department_spared", "0 asked as usual, 1 a probe is under way, 2 resting", ["department"], registry=registry
        )
        shelf = ["library", "department"]
        self._lag = Gauge("yimen_library_lag_seconds", "How old what is served is", shelf, registry=registry)
        self._entries = Gauge("yimen_library_entries", "Entries that are served", shelf, registry=registry)
        self._failures = Gauge("yimen_library_failures", "Failed tries in a row", shelf, registry=registry)
        self._places = Gauge("yimen_department_places_taken", "Questions under way", ["department"], registry=registry)

        self._audit = Gauge("yimen_audit_broken_line", "The first line of the audit that is not what it was", registry=registry)

    def watch(self, department: str, spared: Callable[[], Spared], places_taken: Callable[[], int]) -> None:
        """What is looked at only when somebody reads the metrics."""
        self._states[department] = spared
        self._spared.labels(department).set_function(lambda: list(Spared).index(spared()))
        self._places.labels(department).set_function(places_taken)

    def spared(self, department: str) -> Spared:
        return self._states[department]() if department in self._states else Spared.NOT

    def answered(self, department: str, outcome: Outcome, reason: str) -> None:
        if outcome is not Outcome.NOT_ASKED and reason:
            self.pulse.failed(department)
        self._answers.labels(department, outcome.value, reason if reason in REASONS else "other").inc()

    def took(self, department: str, seconds: float) -> None:
        self.pulse.answered(department, seconds)
        self._seconds.labels(department).observe(seconds)

    def asked_again(self, department: str, why: Why) -> None:
        self._again.labels(department, why).inc()

    def remembered(self, department: str) -> None:
        self._remembered.labels(department).inc()

    def collected(self, library: str, department: str, lag_s: float | None, entries: int, failures: int) -> None:
        """How a shelf of a base library stands; no lag: it was never collected whole."""
        self._lag.labels(library, department).set(float("nan") if lag_s is None else lag_s)
        self._entries.labels(library, department).set(entries)
        self._failures.labels(library, department).set(failures)

    def audit(self, broken: int | None) -> None:
        """0 while the chain is intact as far as it is proved."""
        self._audit.set(broken or 0)

    def page(self) -> bytes:
        """In the text format of Prometheus."""
        return generate_latest(self._registry)
