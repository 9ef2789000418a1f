"""The catalogue and the departments must fit together; everything that does not is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from hall import catalogue
from hall.departments.setting import SettingsWrong
from tests.hall.fake_departments import Hall


def test_the_catalogue_names_everything_that_does_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(
        '[items]\n"person.name" = ["household", "exit_entry"]\n"contact.mobile" = ["exit_entry", "household"]\n'
        '"person.weight" = ["household"]\n"company.name" = ["tax"]\n',
        "utf-8",
    )
    with pytest.raises(SettingsWrong) as caught:
        catalogue.load(path, Hall().departments)
    assert [problem.removeprefix("catalogue.toml: ") for problem in caught.value.problems] == [
        "person.weight is no item of shared data",
        "person.name: exit_entry has no field for it",
        "contact.mobile: household has no field for it",
        "person.weight: household has no field for it",
        "company.name: there is no department tax",
        "market_regulation: no department that knows people by their number has its key employment.credit_code",
        "the orders of authority contradict each other: household, exit_entry",
    ]


def test_a_catalogue_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text("[items", "utf-8")
    with pytest.raises(SettingsWrong, match=r"catalogue\.toml: cannot be read"):
        catalogue.load(tmp_path / "catalogue.toml", ())
    (tmp_path / "catalogue.toml").write_text("items = 3", "utf-8")
    with pytest.raises(SettingsWrong, match="must give a list of department codes"):
        catalogue.load(tmp_path / "catalogue.toml", ())
