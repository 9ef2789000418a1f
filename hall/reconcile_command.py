"""python -m hall reconcile [DEPARTMENT]: compare now what the departments have with what they were sent."""

from __future__ import annotations

import argparse
import sys

from hall.bootstrap import build
from hall.config import ConfigWrong, HallConfig
from hall.store.reconciliations import Report
from hall.working_day import working_day


def add_reconcile(commands: argparse._SubParsersAction[argparse.ArgumentParser], usual: argparse.ArgumentParser) -> None:
    command = commands.add_parser("reconcile", parents=[usual], help="compare now what departments have with what they were sent")
    command.add_argument("department", nargs="?", default="", help="this one only")
    command.set_defaults(run=_reconcile)


async def _reconcile(config: HallConfig, asked: argparse.Namespace) -> int:
    """1 when a department did not answer or something was not the same."""
    services = build(config)
    reconciliation = services.reconciliation
    try:
        if asked.department and asked.department not in reconciliation.departments:
            known = ", ".join(reconciliation.departments) or "none"
            raise ConfigWrong((f"no department {asked.department} takes applications, only {known}",))
        day = working_day(services.clock())
        await reconciliation.night(asked.department, "hall", again=True)
        reports = [one for one in await services.store.reports(day) if asked.department in ("", one.department)]
        for report in reports:
            print(_said(report))
        if any(report.state == "running" for report in reports):
            print("hall: another process compares just now; its report comes to the page", file=sys.stderr)
        return 1 if any(report.state == "failed" or report.amiss for report in reports) else 0
    finally:
        await services.close()


def _said(report: Report) -> str:
    if report.state != "done":
        return f"WRONG {report.department}: {report.problem or report.state}"
    counts = (
        f"{report.matched} the same, {report.missing} missing there, {report.different} different, {report.surplus} unknown here"
    )
    return f"{'WRONG' if report.amiss else 'ok   '} {report.department}: {counts}"
