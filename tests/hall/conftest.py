"""What the hall's tests share: the demonstration departments, started once for all of them."""

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, expect

from scripts.browser import chromium
from scripts.vendor import vendor
from tests.hall import engines
from tests.hall.demo_desk import DemoDesk, running_desk
from tests.hall.servers import MariaDb, Postgres, running_mariadb, running_postgres
from tests.hall.sql_registers import Register, in_mariadb, in_postgres, in_sqlite
from tests.patience import SOON_S

expect.set_options(timeout=SOON_S * 1000)

ON_BOTH = {
    "test_amendments",
    "test_approvals",
    "test_audit",
    "test_audit_proof",
    "test_calling_race",
    "test_certificates",
    "test_collecting",
    "test_correction_answers",
    "test_corrections",
    "test_decided_upon",
    "test_delivery",
    "test_desk",
    "test_figures",
    "test_giving",
    "test_guardian",
    "test_queue",
    "test_replay",
    "test_running",
    "test_staff",
    "test_store",
    "test_usage",
    "test_visits",
}
"""Whose stories are told on a file and on PostgreSQL; what is about the file itself is marked `on_file`."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "on_file: about the hall's SQLite file itself")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_file = metafunc.definition.get_closest_marker("on_file")
    if metafunc.module.__name__.rpartition(".")[2] in ON_BOTH and not on_file:
        metafunc.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """On what database a story is told."""
    name: str = getattr(request, "param", "sqlite")
    if name == "sqlite":
        yield name
        return
    chosen: engines.OnPostgresql = request.getfixturevalue("postgresql_halls")
    with engines.told_on(chosen):
        yield name
    chosen.forget()


@pytest.fixture(scope="session")
def postgresql_halls(postgres: Postgres) -> engines.OnPostgresql:
    return engines.OnPostgresql(postgres)


@pytest.fixture
def halls(postgresql_halls: engines.OnPostgresql) -> Iterator[engines.OnPostgresql]:
    """Every hall of the story is on PostgreSQL."""
    with engines.told_on(postgresql_halls):
        yield postgresql_halls
    postgresql_halls.forget()


@pytest.fixture(scope="session")
def demo_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoDesk]:
    """Four real department processes; whoever tells one to misbehave tells it to be well again."""
    with running_desk(tmp_path_factory.mktemp("demo")) as desk:
        yield desk


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL; whoever takes it down starts it again."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDb]:
    """A real MariaDB in which everybody may do everything."""
    with running_mariadb() as server:
        yield server


@pytest.fixture(scope="session")
def registers(postgres: Postgres, mariadb: MariaDb, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Register]:
    """One register in three databases."""
    return {
        "postgresql": in_postgres(postgres, tmp_path_factory.mktemp("postgresql"), "register", "EUC_CN"),
        "mariadb": in_mariadb(mariadb, tmp_path_factory.mktemp("mariadb")),
        "sqlite": in_sqlite(tmp_path_factory.mktemp("sqlite")),
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, with all that the console's pages load."""
    vendor()
    with chromium() as browser:
        yield browser
