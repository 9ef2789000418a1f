"""What the hall's tests share: the demonstration departments, started once for all of them."""

from collections.abc import Iterator, Mapping

import pytest

from tests.hall.demo_desk import DemoDesk, running_desk
from tests.hall.servers import MariaDb, Postgres, running_mariadb, running_postgres
from tests.hall.sql_registers import Register, in_mariadb, in_postgres, in_sqlite


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
