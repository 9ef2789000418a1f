"""The rules of the house, checked by reading the source: imports, sizes, copy-a-file folders."""

import ast
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"flows", "devices", "kiosk", "hall", "fuzz"}
MAY_IMPORT = {  # most specific first
    "kiosk/ui/": {"kiosk.view", "kiosk.ui"},
    "kiosk/__main__.py": {"flows", "devices", "kiosk"},
    "kiosk/": {"flows", "kiosk", "devices.device", "devices.document", "devices.plate"},
    "flows/": {"flows"},
    "devices/": {"devices"},
    "hall/": {"flows", "hall"},
    "fuzz/": {"devices", "fuzz"},
}
ONLY_IN = {
    "kivy": ("kiosk/ui/",),
    "smartcard": ("devices/drivers/pcsc",),
    "sqlite3": ("hall/store/", "hall/demo/"),
    "sqlalchemy": ("hall/departments/sql",),
    "psycopg": ("hall/departments/sql", "hall/store/postgresql"),
    "pymysql": ("hall/demo/",),
}
NOT_A_NAME = {"utils", "helpers", "helper", "common", "core", "base", "manager", "models", "misc"}
FILES = [file for top in sorted(OURS) for file in sorted((ROOT / top).rglob("*.py"))]
LONGEST_FILE = 300
LONGEST_FUNCTION = 40


def here(file: Path) -> str:
    return str(file.relative_to(ROOT))


def imports(source: str) -> set[str]:
    """Full names of everything imported, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(found):
                names |= {alias.name for alias in found}
            case ast.ImportFrom(str(module), found):
                names |= {f"{module}.{alias.name}" for alias in found}
    return names


def broken_rules(place: str, source: str) -> list[str]:
    """Every import in a file that the rules do not allow."""
    allowed = next(names for start, names in MAY_IMPORT.items() if place.startswith(start))
    wrong = []
    for name in sorted(imports(source)):
        top = name.split(".")[0]
        if top in OURS and not any(name == ok or name.startswith(ok + ".") for ok in allowed):
            wrong.append(f"{place} may not import {name}")
        if top in ONLY_IN and not place.startswith(ONLY_IN[top]):
            wrong.append(f"{top} belongs in {' or '.join(ONLY_IN[top])}, not in {place}")
    return wrong


@pytest.mark.parametrize("file", FILES, ids=here)
def test_imports_go_one_way(file: Path) -> None:
    assert not broken_rules(here(file), file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("flows/flow.py", "from hall.queue import Queue"),
        ("kiosk/visit.py", "import hall.app"),
        ("kiosk/visit.py", "from devices.drivers import pcsc"),
        ("kiosk/ui/display.py", "from flows.flow import Flow"),
        ("hall/desk.py", "import sqlite3"),
        ("devices/apdu.py", "from fuzz.target import Target"),
        ("fuzz/target.py", "from kiosk.visit import Visit"),
        ("devices/plate.py", "def read():\n    from smartcard import scard"),
    ],
)
def test_the_rules_see_what_is_not_allowed(place: str, source: str) -> None:
    assert broken_rules(place, source)


def circles(sources: Mapping[str, str]) -> list[str]:
    """The modules of a circle of imports, by full name; what is imported for types alone counts too."""
    graph = {name: {_module(found, sources) for found in imports(source)} - {"", name} for name, source in sources.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _module(found: str, sources: Mapping[str, str]) -> str:
    """The module of ours that an import names, "" for none."""
    return next((name for name in (found, found.rpartition(".")[0]) if name in sources), "")


def test_no_import_leads_back_to_where_it_began() -> None:
    names = {file: ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in FILES}
    assert circles({name: file.read_text("utf-8") for file, name in names.items()}) == []


def test_a_circle_is_seen() -> None:
    two = {"hall.desk": "from hall.case import Case", "hall.case": "def case():\n    from hall.desk import Desk"}
    assert set(circles(two)) == {"hall.desk", "hall.case"}


@pytest.mark.parametrize("file", FILES, ids=here)
def test_files_and_functions_stay_small(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert source.count("\n") <= LONGEST_FILE
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def test_every_file_is_named_for_what_it_is() -> None:
    assert not [here(file) for file in FILES if file.stem in NOT_A_NAME]


def test_every_module_says_what_it_is() -> None:
    silent = [here(f) for f in FILES if f.stem != "__init__" and not ast.get_docstring(ast.parse(f.read_text("utf-8")))]
    assert not silent


def listed(folder: str) -> set[str]:
    return {file.stem for file in (ROOT / folder).glob("*.py")} - {"__init__"}


def test_every_matter_is_listed() -> None:
    from flows.matters import MATTERS

    assert {name.replace("_", "-") for name in listed("flows/matters")} == set(MATTERS)
