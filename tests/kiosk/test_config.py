"""The terminal's configuration: what the demo says, and everything wrong named at once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from devices.drivers import make_reader
from kiosk.config import ConfigWrong, ReaderSettings, Where, read
from kiosk.terminal import place_of

DEMO = Path(__file__).parent.parent.parent / "kiosk" / "demo.toml"


def wrong(folder: Path, text: str) -> tuple[str, ...]:
    file = folder / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigWrong) as caught:
        read(file, folder)
    return caught.value.problems


def changed(old: str, new: str) -> str:
    text = DEMO.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new)


def test_the_demo_is_terminal_k07_with_its_own_state(tmp_path: Path) -> None:
    config = read(DEMO, tmp_path)
    assert (config.terminal, config.address) == ("K07", "https://127.0.0.1:8443")
    assert [reader.driver for reader in config.readers] == ["sam_v", "pcsc"]
    assert config.readers[0].settings["port"] == f"{tmp_path}/sam_v.tty"
    assert config.printer.settings["target"] == f"folder:{tmp_path}/paper"
    assert (config.credentials, config.outbox) == (tmp_path / "terminal", tmp_path / "outbox")


def test_cameras_and_page_printer_are_named_by_driver_and_may_be_missing(tmp_path: Path) -> None:
    config = read(DEMO, tmp_path)
    assert config.camera is not None
    assert config.document_camera is not None
    assert config.page_printer is not None
    assert (config.camera.driver, config.camera.settings["url"]) == ("network_camera", "http://127.0.0.1:8201/portrait")
    assert config.document_camera.settings["url"] == "http://127.0.0.1:8202/paper"
    assert (config.page_printer.driver, config.page_printer.settings["port"]) == ("app_socket", "9101")
    file = tmp_path / "kiosk.toml"
    file.write_text(DEMO.read_text(encoding="utf-8").partition("# Portraits")[0], encoding="utf-8")
    bare = read(file, tmp_path)
    assert (bare.camera, bare.document_camera, bare.page_printer) == (None, None, None)


def test_where_each_reader_is_may_be_said_and_is_told_to_the_citizen(tmp_path: Path) -> None:
    (tmp_path / "trust").mkdir()
    nowhere = re.sub('where = "(left|right)"', "", DEMO.read_text(encoding="utf-8"))
    (tmp_path / "kiosk.toml").write_text(nowhere, encoding="utf-8")
    for file, said in ((DEMO, (Where.LEFT, Where.RIGHT)), (tmp_path / "kiosk.toml", (Where.SOMEWHERE, Where.SOMEWHERE))):
        config = read(file, tmp_path)
        place = place_of(config, [make_reader(reader.driver, reader.settings) for reader in config.readers])
        assert (place.resident_reader, place.chip_reader) == said
        assert (place.terminal, place.region) == ("K07", "440604")


def test_a_terminal_without_a_reader_of_resident_cards_knows_that(tmp_path: Path) -> None:
    config = replace(read(DEMO, tmp_path), readers=(ReaderSettings("pcsc", {}),))
    place = place_of(config, [make_reader("pcsc", {})])
    assert (place.resident_reader, place.chip_reader) == (None, Where.SOMEWHERE)


def test_a_reader_that_is_nowhere_is_named(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, changed('where = "right"', 'where = "under the table"'))
    assert problem == "readers: where must be one of left, right, above, below"


def test_an_io_board_and_a_power_supply_are_named_by_driver_and_may_be_missing(tmp_path: Path) -> None:
    bare = read(DEMO, tmp_path)
    assert (bare.io_board, bare.power, bare.shut_down) == (None, None, ())
    file = tmp_path / "kiosk.toml"
    more = '[io_board]\ndriver = "io_board"\nport = "${state}/board"\n[power]\ndriver = "nut"\nups = "apc"\n'
    file.write_text(DEMO.read_text(encoding="utf-8") + more + 'shut_down = "systemctl poweroff"\n', encoding="utf-8")
    fitted = read(file, tmp_path)
    assert fitted.io_board is not None
    assert fitted.power is not None
    assert (fitted.io_board.driver, fitted.io_board.settings) == ("io_board", {"port": f"{tmp_path}/board"})
    assert (fitted.power.driver, fitted.power.settings) == ("nut", {"ups": "apc"})
    assert fitted.shut_down == ("systemctl", "poweroff")


def test_a_command_that_is_none_is_named(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, DEMO.read_text(encoding="utf-8") + '[power]\ndriver = "nut"\nups = "apc"\nshut_down = "\'off"\n')
    assert "power.shut_down is no command" in problem


@pytest.mark.parametrize("region", ["44060", "4406040", "foshan"])
def test_a_region_that_is_no_code_is_named(tmp_path: Path, region: str) -> None:
    (problem,) = wrong(tmp_path, changed('region = "440604"', f'region = "{region}"'))
    assert "place.region must be six digits" in problem


def test_everything_wrong_is_named_at_once(tmp_path: Path) -> None:
    problems = wrong(
        tmp_path, '[place]\nterminal = ""\ncolour = "red"\n[hall]\naddress = "http://hall"\n[kiosk]\n[idle]\nwarn_s = 0\n'
    )
    for words in (
        "place.terminal must be a text that is not empty",
        "place.colour is not a setting of the terminal",
        "place.hall_name must be a text that is not empty",
        "hall.address must begin with https://",
        "[kiosk] is not a section",
        "idle.warn_s must be a number above 0",
        "[[readers]] must be there at least once",
        "[[departments]] must be there at least once",
        "printer: every device needs a driver",
        "matters must be a list",
    ):
        assert any(words in problem for problem in problems), words


def test_one_unknown_matter_does_not_close_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(changed('"hk-macau-permit", ', '"hk-macau-permit", "of-tomorrow", '), encoding="utf-8")
    assert set(read(file, tmp_path).matters) == set(read(DEMO, tmp_path).matters)


def test_a_terminal_without_any_matter_does_not_start(tmp_path: Path) -> None:
    text = re.sub(r"matters = \[.*?\]", 'matters = ["of-tomorrow"]', DEMO.read_text(encoding="utf-8"), flags=re.DOTALL)
    problems = wrong(tmp_path, text)
    assert problems == ("matters names no matter that this version knows",)


def test_a_countdown_too_short_to_react_is_refused(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, changed("countdown_s = 20", "countdown_s = 5"))
    assert "20 or more" in problem


def test_an_item_nobody_knows_is_named(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, changed('"household.address"', '"household.adress"'))
    assert "household.adress" in problem


@pytest.mark.parametrize("text", ["[place", "\udcff"])
def test_a_file_that_is_no_toml_is_said_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigWrong, match="is not TOML"):
        read(file, tmp_path)


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigWrong, match="cannot be read"):
        read(tmp_path / "nowhere.toml", tmp_path)
