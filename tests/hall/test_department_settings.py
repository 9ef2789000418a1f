"""A department is one TOML file: everything wrong with it is named at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hall import catalogue, departments
from hall.departments import KINDS, drop_settings, rest_settings, sql
from hall.departments.setting import SettingsWrong
from tests.hall.demo_desk import DEMO


def test_the_demonstration_settings_and_catalogue_fit_together(tmp_path: Path) -> None:
    connections = departments.connect(departments.read_settings(DEMO / "departments", tmp_path))
    order = catalogue.load(DEMO / "catalogue.toml", connections).order
    assert set(order) == {connection.code for connection in connections}
    assert order[0] == "household"
    assert order.index("social_security") < order.index("market_regulation"), "it has the key that the other needs"


def test_how_often_a_department_is_asked_for_its_decision_is_its_own_setting(tmp_path: Path) -> None:
    text = (DEMO / "departments" / "exit_entry.toml").read_text("utf-8")
    plain = "\n".join(line for line in text.splitlines() if not line.startswith("poll_s"))
    for said, poll_s in (("", 30.0), ("poll_s = 2.5\n", 2.5)):
        (tmp_path / "exit_entry.toml").write_text(said + plain, "utf-8")
        assert [setting.poll_s for setting in departments.read_settings(tmp_path, tmp_path)] == [poll_s]
    (tmp_path / "exit_entry.toml").write_text("poll_s = 0\n" + plain, "utf-8")
    with pytest.raises(SettingsWrong, match="poll_s must be a number of seconds"):
        departments.read_settings(tmp_path, tmp_path)


def test_everything_wrong_in_the_settings_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        'kind = "rest"\ncode = "a"\ntitle = 3\ndeadline_s = 0\nkey = "person.number"\ncolour = "red"\n'
        '[items]\n"person.weight" = "a"\n"person.name" = "a["\n[options]\nfolder = "x"\n',
        "utf-8",
    )
    (tmp_path / "b.toml").write_text('kind = "telegraph"\ncode = "a"\ntitle = "B"\naddress = "b"\nkey = ""\n', "utf-8")
    (tmp_path / "c.toml").write_text('kind = "sql"\nrows = "T; DROP TABLE T"\n[options', "utf-8")
    with pytest.raises(SettingsWrong) as caught:
        departments.connect(departments.read_settings(tmp_path, tmp_path))
    for problem in (
        "a.toml: there is no setting colour",
        "a.toml: title must be text in quotes",
        "a.toml: address is missing",
        "a.toml: deadline_s must be a number of seconds between 0 and 60",
        "a.toml: person.weight is no item of shared data",
        "a.toml: the key person.number has no path in [items]: an answer must say whom it is about",
        "a.toml: a rest department needs rows",
        "a.toml: request.path is missing",
        "a.toml: request.body must be a table",
        "a.toml: a rest department has no folder",
        "a.toml: 'a[' is no jmespath",
        "b.toml: kind must be one of rest, sql, soap, file_drop",
        "b.toml: key is missing",
        "c.toml: cannot be read as TOML (TOMLDecodeError)",
        "the department a is there twice",
    ):
        assert problem in caught.value.problems


@pytest.mark.parametrize(("kind", "path"), [("sql", "T; DROP TABLE T"), ("sql", "姓 名"), ("soap", "d:p["), ("rest", "a[")])
def test_a_path_in_the_wrong_language_is_refused(kind: str, path: str) -> None:
    assert KINDS[kind].wrong_path(path, {})


def test_every_kind_of_connection_is_listed() -> None:
    folder = Path(departments.__file__).parent
    assert {file.stem for file in folder.glob("*.py") if "\nKIND = " in file.read_text("utf-8")} == set(KINDS)


PAGE = (DEMO.parents[1] / "docs" / "connect-a-department.md").read_text("utf-8")


def test_the_examples_of_the_page_are_settings_without_a_fault(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    for number, example in enumerate(examples):
        (tmp_path / f"{number}.toml").write_text(example, "utf-8")
    kinds = [setting.kind for setting in departments.read_settings(tmp_path, tmp_path)]
    assert set(kinds) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_names_every_setting(kind: str) -> None:
    names = {*departments.TEXTS, *(departments.OTHERS - {"items", "doubts", "codes", "options", "request", "collect"})}
    names |= KINDS[kind].needs | KINDS[kind].may | rest_settings.COLLECT | sql.COLLECT | drop_settings.COLLECT
    assert sorted(name for name in names if f"`{name}`" not in PAGE) == []
