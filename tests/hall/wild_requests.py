"""Requests that follow a listener's own description, and such that do not quite: what schemathesis makes of it.

`python -m tests.hall.wild_requests 10000` calls a hall so often, and says what it answered.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.hall.console_stage import Stage, running_hall
from tests.patience import SOON_S

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

A_ROUND = 10


@dataclass
class Caller:
    """Calls every operation of a listener. `met`: how often each operation was answered with each status."""

    address: str
    session: requests.Session
    met: Counter[tuple[str, int]] = field(default_factory=Counter)

    def described(self) -> dict[str, Any]:
        answer = self.session.get(f"{self.address}/api/openapi.json", timeout=SOON_S)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def call(self, calls: int) -> None:
        """At least so many calls: as described, and against it. A 500, or an answer that is not described, is an
        AssertionError that says which."""
        schema = schemathesis.openapi.from_dict(self.described())
        found = list(schema.get_all_operations())
        operations = [one.ok() for one in found if isinstance(one, Ok)]
        assert len(operations) == len(found), "it describes what cannot be called"
        for seed in itertools.count():
            for operation, mode in itertools.product(operations, GenerationMode):
                with contextlib.suppress(Unsatisfiable):  # what takes nothing can not be given anything wrong
                    self._call(operation, mode, seed)
            if self.met.total() >= calls:
                return

    def _call(self, operation: Any, mode: GenerationMode, seed: int) -> None:
        @hypothesis.seed(seed)
        @settings(
            max_examples=A_ROUND, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def run(case: Case[Any]) -> None:
            answer = case.call(base_url=self.address, session=self.session, verify=self.session.verify)
            self.met[operation.label, answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)

        run()


@contextlib.contextmanager
def terminal_of(stage: Stage, folder: Path) -> Iterator[Caller]:
    """One that holds a certificate of this hall."""
    stage.services.terminals.enrol("K07", folder)
    with requests.Session() as session:
        session.trust_env = False  # its authorities would take the place of ours
        session.verify = str(stage.services.config.secrets / "ca.pem")
        session.cert = (str(folder / "terminal.pem"), str(folder / "terminal.key"))
        yield Caller(stage.terminals, session)


@contextlib.contextmanager
def anybody_of(stage: Stage) -> Iterator[Caller]:
    with requests.Session() as session:
        yield Caller(stage.public, session)


def main(calls: int) -> None:
    with TemporaryDirectory() as name, running_hall(folder := Path(name)) as stage, terminal_of(stage, folder) as terminal:
        _told(terminal, round(calls * 0.8))
        with anybody_of(stage) as anybody:
            _told(anybody, round(calls * 0.2))


def _told(caller: Caller, calls: int) -> None:
    caller.call(calls)
    for (operation, status), count in sorted(caller.met.items()):
        print(f"{count:6} {status} {operation}")
    print(f"{caller.met.total():6} calls, no fault, nothing undescribed", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
