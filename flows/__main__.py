"""For authors of matters: python -m flows check [MATTER …] | chart FOLDER | list."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.authoring.chart import chart
from flows.authoring.check import faults, policy_faults, policy_gaps_ahead
from flows.matters import MATTERS
from flows.words import languages


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m flows", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="find what is wrong with matters and policy tables")
    checking.add_argument("matters", nargs="*", metavar="MATTER")
    drawing = commands.add_parser("chart", help="draw every matter as SVG (needs Graphviz)")
    drawing.add_argument("folder", type=Path)
    commands.add_parser("list", help="name the matters")
    asked = parser.parse_args(arguments)
    match asked.command:
        case "check":
            return _check(asked.matters or list(MATTERS))
        case "chart":
            return _chart(asked.folder)
        case _:
            print("\n".join(f"{code:22} {flow.version:>3}  {flow.title}" for code, flow in sorted(MATTERS.items())))
            return 0


def _check(codes: list[str]) -> int:
    if unknown := [code for code in codes if code not in MATTERS]:
        print(f"no such matter: {', '.join(unknown)}; there are {', '.join(sorted(MATTERS))}", file=sys.stderr)
        return 2
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    catalogues = languages()
    found = [fault for code in codes for fault in faults(MATTERS[code], today, catalogues)]
    found += policy_faults(today)
    print("\n".join(found) if found else f"{len(codes)} matters: nothing found")
    for gap in policy_gaps_ahead(today):
        print(f"soon: {gap}")
    return 1 if found else 0


def _chart(folder: Path) -> int:
    program = shutil.which("dot")
    if program is None:
        print("Graphviz is missing: install the Debian package graphviz", file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    for code, flow in sorted(MATTERS.items()):
        subprocess.run([program, "-Tsvg", "-o", str(folder / f"{code}.svg")], input=chart(flow), text=True, check=True)  # noqa: S603
    print(f"{len(MATTERS)} flowcharts in {folder}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
