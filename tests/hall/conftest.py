"""What the hall's tests share: the demonstration departments, started once for all of them."""

from collections.abc import Iterator

import pytest

from tests.hall.demo_desk import DemoDesk, running_desk


@pytest.fixture(scope="session")
def demo_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoDesk]:
    """Four real department processes; whoever tells one to misbehave tells it to be well again."""
    with running_desk(tmp_path_factory.mktemp("demo")) as desk:
        yield desk
