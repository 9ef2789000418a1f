"""Departments that drop their tables as files into a folder: in three formats, whole or as changes, and never half."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from flows.application import Record
from hall import departments
from hall.departments import drop_folder, file_drop
from hall.departments.connection import Batch, Connection, DepartmentFailure, Finding
from hall.departments.setting import SettingsWrong
from tests.hall.demo_desk import PURPOSE

CODE, OTHER = "91440604MA9XK7P27D", "91440605MA4W0K3T4U"
NAME = '云岫 "软件", 有限公司𠮷'
T = TypeVar("T")


@dataclass
class Desk:
    """A department's folder, and the hall's connection to it."""

    folder: Path
    options: dict[str, str] = field(default_factory=dict)
    columns: Sequence[str] = ("代码", "名称", "状态")
    rows: str = ""
    collect: dict[str, str] = field(default_factory=dict)

    def drop(self, name: str, content: bytes) -> Path:
        (self.folder / "drops").mkdir(exist_ok=True)
        (self.folder / "drops" / name).write_bytes(content)
        return self.folder / "drops" / name

    def connect(self) -> Connection:
        head = {"kind": "file_drop", "code": "market_regulation", "title": "市场监管", "key": "employment.credit_code"}
        head |= {"address": f"{self.folder}/drops", "as_of": "文件日期", "rows": self.rows}
        items = dict(zip(("employment.credit_code", "company.name", "company.status"), self.columns, strict=True))
        tables = {"options": self.options, "items": items, **({"collect": self.collect} if self.collect else {})}
        lines = written(head)
        for name, values in tables.items():
            lines += [f"[{name}]", *written(values)]
        (self.folder / "settings").mkdir(exist_ok=True)
        (self.folder / "settings" / "a.toml").write_text("\n".join(lines), "utf-8")
        return departments.connect(departments.read_settings(self.folder / "settings", self.folder))[0]

    def told(self, story: Callable[[Connection], Awaitable[T]]) -> T:
        async def whole() -> T:
            connection = self.connect()
            try:
                return await story(connection)
            finally:
                await connection.close()

        return asyncio.run(whole())

    def look_up(self, key: str = CODE) -> dict[str, tuple[str, str]]:
        found: tuple[Record, ...] = self.told(lambda connection: connection.look_up(key, connection.items, PURPOSE))
        return {record.item: (record.value, record.doubt) for record in found}

    def name(self) -> str:
        return self.look_up()["company.name"][0]

    def failure(self) -> tuple[str, str]:
        with pytest.raises(DepartmentFailure) as caught:
            self.look_up()
        assert CODE not in repr(caught.value) + caught.value.detail
        return caught.value.reason, caught.value.detail

    def check(self) -> Sequence[Finding]:
        return self.told(lambda connection: connection.check())


def written(values: Mapping[str, str]) -> list[str]:
    return [f"{json.dumps(name)} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def table(*rows: str, end: str = "", encoding: str = "gb18030", heading: str = "代码,名称,状态") -> bytes:
    lines = [heading, *rows, end or f"END,{len(rows)}", ""]
    return "\r\n".join(lines if heading else lines[1:]).encode(encoding)


def xml(*rows: str, encoding: str = "gb18030", before: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{before}<r>{"".join(rows)}</r>'.encode(encoding)


def fixed(*rows: tuple[str, str, str], end: str = "", encoding: str = "gb18030") -> bytes:
    def cell(text: str, width: int) -> bytes:
        return text.encode(encoding).ljust(width)

    lines = [cell(code, 18) + cell(name, 40) + cell(status, 6) for code, name, status in rows]
    return b"\r\n".join([*lines, (end or f"END{len(rows):09}").encode(), b""])


def test_the_newest_complete_file_answers_with_its_own_date(desk: Desk) -> None:
    desk.drop("R_20261101.csv", table(f"{CODE},旧名,存续"))
    desk.drop("R_20261102T093000.csv", table(f'{CODE},"云岫 ""软件"", 有限公司𠮷",存续'))
    desk.drop("R_20261103.part", table(f"{CODE},没写完,")[:-9])
    desk.drop("notes.csv", b"\xff")
    desk.drop("R_20261399.csv", b"no such day")

    async def ask(connection: Connection) -> tuple[Record, ...]:
        return await connection.look_up(CODE, ("company.name",), PURPOSE)

    found = desk.told(ask)
    assert [record.value for record in found] == [CODE, NAME]
    assert found[0].as_of == datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
    assert desk.look_up(OTHER) == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (table(f"{CODE},云岫,x")[:-4], "its last line is not END"),
        (table(f"{CODE},云岫,x")[: -len("ND,1\r\n") - 2], "its last line is not END"),
        (table(f"{CODE},云岫,x", end="END,2"), "it has 1 rows, and its last line says 2"),
        (table(f"{CODE},云岫,x", f"{CODE},云"), "row 2 has 2 columns, and not 3"),
        (table(f'{CODE},"云岫,x'), "a quotation mark is not closed"),
        (table(f"{CODE},云岫,x")[:36], "it ends in the middle of a character"),
        (table().replace("名称".encode("gb18030"), b"name"), "名称 must be there once, and the heading has 代码, name, 状态"),
        (table(heading="代码,名称,名称,状态"), "名称 must be there once"),
        (b"\xff\xff\xff", "it is not written in gb18030"),
        (b"", "must be there once, and the heading has nothing"),
    ],
)
def test_a_torn_file_is_garbled_and_no_older_one_takes_its_place(desk: Desk, content: bytes, words: str) -> None:
    desk.drop("R_20261101.csv", table(f"{CODE},旧名,x"))
    desk.drop("R_20261102.csv", content)
    reason, detail = desk.failure()
    assert reason == "garbled"
    assert words in detail
    assert desk.check()[-1] == Finding(desk.check()[-1].step, detail, good=False)


def test_a_folder_without_files_or_no_folder_is_down(desk: Desk) -> None:
    assert desk.failure() == ("down", f"{desk.folder}/drops cannot be looked into (No such file or directory)")
    desk.drop("other.txt", b"")
    assert desk.failure() == ("down", f"there is no file *_{{stamp}}.csv in {desk.folder}/drops, only other.txt")


def test_a_company_that_is_there_twice_is_in_doubt_where_the_rows_differ(desk: Desk) -> None:
    desk.drop("R_20261101.csv", table(f"{CODE},云岫,存续", f"{CODE.lower()} ,云岫,注销"))
    assert desk.look_up()["company.name"] == ("云岫", "")
    assert desk.look_up()["company.status"][1] == "twice"
    assert "1 keys, 1 of them more than once" in {finding.step: finding.words for finding in desk.check()}["columns"]


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("kind", ["csv", "xml"])
def test_every_character_set_is_read_as_the_setting_says(desk: Desk, encoding: str, kind: str) -> None:
    name = "云岫软件" if encoding == "gbk" else "云岫软件𠮷"
    desk.options = {"encoding": encoding, "format": kind}
    if kind == "csv":
        desk.drop("R_20261101.csv", table(f"{CODE},{name},存续", encoding=encoding))
    else:
        desk.rows, desk.columns = "c", ("@id", "n", "s")
        desk.drop("R_20261101.xml", xml(f'<c id="{CODE}"><n>{name}</n><s>存续</s></c>', encoding=encoding.replace("-sig", "")))
        if encoding == "utf-8-sig":
            desk.drop("R_20261101.xml", b"\xef\xbb\xbf" + xml(f'<c id="{CODE}"><n>{name}</n><s/></c>', encoding="utf-8"))
    assert desk.name() == name


@pytest.mark.parametrize(
    ("said", "written", "words"),
    [
        ("gb18030", "utf-8", "it is written in utf-8, not in gb18030"),
        ("gbk", "utf-8", "it is written in utf-8, not in gbk"),
        ("utf-8", "gb18030", "it is not written in utf-8"),
        ("utf-8", "utf-8-sig", "it begins with the mark of utf-8-sig"),
        ("utf-16", "gb18030", "not written in utf-16"),
        ("gb18030", "utf-16", "it begins with the mark of utf-16"),
        ("utf-8", "utf-16", "it begins with the mark of utf-16"),
    ],
)
@pytest.mark.parametrize("heading", ["代码,名称,状态", ""])
def test_a_file_in_another_character_set_is_garbled_and_not_read_as_other_characters(
    desk: Desk, said: str, written: str, words: str, heading: str
) -> None:
    desk.options = {"encoding": said, "heading": "yes" if heading else "no"}
    desk.columns = desk.columns if heading else ("1", "2", "3")
    desk.drop("R_20261101.csv", table(f"{CODE},吕记,存续", encoding=written, heading=heading))
    reason, detail = desk.failure()
    assert reason == "garbled"
    assert words in detail


def test_another_delimiter_no_heading_and_another_trailer(desk: Desk) -> None:
    desk.options = {"delimiter": "|", "heading": "no", "trailer": "T", "name": "QY*_{stamp}.txt"}
    desk.columns = ("3", "1", "2")
    desk.drop("QYDJ_2026-11-01.txt", table(f"云岫|存续|{CODE}", heading="", end="T|0001"))
    assert desk.look_up()["company.name"] == ("云岫", "")
    desk.drop("QYDJ_2026-11-02.txt", table(heading="", end="T|0"))
    assert desk.look_up() == {}
    desk.columns = ("3", "1", "9")
    desk.drop("QYDJ_2026-11-03.txt", table(f"云岫|存续|{CODE}", heading="", end="T|1"))
    assert desk.failure() == ("garbled", "there is no column 9, only 3")


def test_fixed_positions_are_bytes_and_not_characters(desk: Desk) -> None:
    desk.options, desk.columns = {"format": "fixed"}, ("1-18", "19-58", "59-64")
    desk.drop("R_20261101.txt", fixed((OTHER, "何记𠮷小吃店", "注销"), (CODE, "云岫软件有限公司", "存续")))
    assert desk.look_up() == {
        "employment.credit_code": (CODE, ""),
        "company.name": ("云岫软件有限公司", ""),
        "company.status": ("存续", ""),
    }
    assert desk.look_up(OTHER)["company.name"] == ("何记𠮷小吃店", "")


@pytest.mark.parametrize(
    ("content", "columns", "words"),
    [
        (fixed((CODE, "云岫", "存续"), end="END2"), (), "it has 1 rows, and its last line says 2"),
        (fixed((CODE, "云岫", "存续"))[:-14], (), "its last line is not END"),
        (
            fixed((CODE, "云岫", "存续"), (CODE, "云何", "存续")).replace("何".encode("gbk"), b"?"),
            (),
            "line 2 has 63 bytes",
        ),
        (fixed((CODE, "云岫", "存续")), ("1-18", "20-58", "59-64"), "it is not written in gb18030"),
        (fixed((CODE, "云岫", "存续")), ("1-18", "19-58", "59-65"), "its lines have only 64 bytes"),
        (fixed((CODE, "云岫", "存续"), encoding="utf-8"), (), "it is written in utf-8"),
    ],
)
def test_lines_that_are_torn_shifted_or_of_another_width_are_garbled(
    desk: Desk, content: bytes, columns: tuple[str, ...], words: str
) -> None:
    desk.options, desk.columns = {"format": "fixed"}, columns or ("1-18", "19-58", "59-64")
    desk.drop("R_20261101.txt", content)
    reason, detail = desk.failure()
    assert reason == "garbled"
    assert words in detail


def test_elements_of_a_namespace_are_read_one_by_one(desk: Desk) -> None:
    desk.options, desk.rows = {"format": "xml", "namespace": "urn:gs"}, "d:c"
    desk.columns = ("d:id", "d:n[@current='1']", "string(d:n[1]/@s)")
    row = '<c xmlns="urn:gs"><id>{}</id><n s="存续" current="0">旧名</n><n current="1">云岫 &amp; 公司</n></c>'
    desk.drop("R_20261101.xml", xml(*(row.format(code) for code in (OTHER, CODE, "91440604MA2XK7P21X"))))
    assert desk.look_up()["company.name"] == ("云岫 & 公司", "")
    assert desk.look_up()["company.status"] == ("存续", "")
    desk.options["namespace"] = "urn:other"
    assert desk.failure() == ("garbled", "there is no element d:c, only <r>")


BOMB = '<!DOCTYPE r [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
ROW = f"<c><id>{CODE}</id><n>%s</n><s/></c>"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (xml(ROW % "&c;", before=BOMB), "it has a document type"),
        (xml(ROW % "云岫", before=BOMB), "it has a document type"),
        (xml(f'<c a="&c;"><id>{CODE}</id></c>', before=BOMB), "it has a document type"),
        (xml(before=BOMB), "it has a document type"),
        (xml(ROW % "&a;", before='<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]>'), "it has a document type"),
        (xml(ROW % "云岫", before='<!DOCTYPE r SYSTEM "http://127.0.0.1:9/r.dtd">'), "it has a document type"),
        (xml(ROW % "云岫")[:-4], "it is no well-formed XML"),
        (xml("<c><id></c>"), "it is no well-formed XML"),
        (b"", "it is no well-formed XML"),
        (xml(), "there is no element c, only <r>"),
    ],
)
def test_xml_that_is_torn_or_has_entities_is_garbled(desk: Desk, content: bytes, words: str) -> None:
    desk.options, desk.rows, desk.columns = {"format": "xml"}, "c", ("id", "n", "s")
    desk.drop("R_20261101.xml", content)
    reason, detail = desk.failure()
    assert reason == "garbled"
    assert words in detail


def test_with_a_marker_a_file_counts_when_its_marker_was_written_after_it(desk: Desk) -> None:
    desk.options = {"marker": ".ok"}
    whole = table(f"{CODE},旧名,x", end=" ").removesuffix(b" \r\n")
    first = desk.drop("R_20261101.csv", whole)
    desk.drop("R_20261101.csv.ok", b"")
    second = desk.drop("R_20261102.csv", whole.replace("旧名".encode("gb18030"), "新名".encode("gb18030")))
    assert desk.name() == "旧名"
    assert desk.drop("R_20261102.ok", b"").exists()
    assert desk.name() == "新名"
    os.utime(second, ns=(0, second.stat().st_mtime_ns + 10**10))
    assert desk.name() == "旧名", "it is being written again, and its marker is of the time before"
    os.utime(first, ns=(0, first.stat().st_mtime_ns + 10**10))
    assert desk.failure()[1].startswith("there is no file *_{stamp}.csv with its .ok")


def test_a_file_of_one_name_for_ever_has_the_date_on_which_it_was_written(desk: Desk) -> None:
    desk.options = {"name": "qydj.csv"}
    path = desk.drop("qydj.csv", table(f"{CODE},云岫,x"))
    os.utime(path, ns=(0, 1_793_500_200 * 10**9))

    async def ask(connection: Connection) -> list[datetime]:
        found = [(await connection.look_up(CODE, (), PURPOSE))[0].as_of]
        aside = desk.drop("qydj.part", table(f"{CODE},云岫二,x"))
        os.utime(aside, ns=(0, 1_793_586_600 * 10**9))
        aside.replace(path)
        return [*found, (await connection.look_up(CODE, (), PURPOSE))[0].as_of]

    assert [at.isoformat() for at in desk.told(ask)] == ["2026-11-01T02:30:00+00:00", "2026-11-02T02:30:00+00:00"]


def test_a_file_that_changes_while_it_is_read_is_garbled_and_read_again_the_next_time(desk: Desk) -> None:
    path = desk.drop("R_20261101.csv", table(f"{CODE},云岫,x"))
    folder = drop_folder.Folder(path.parent, "*_{stamp}.csv")
    opening = folder.opened(folder.newest())
    opening.__enter__().read()
    path.write_bytes(table(f"{CODE},云岫二,x"))
    with pytest.raises(DepartmentFailure) as caught:
        opening.__exit__(None, None, None)
    assert caught.value.detail == "R_20261101.csv changes while it is read: it must be renamed when it is complete"
    assert desk.name() == "云岫二"


def test_a_file_renamed_over_one_that_is_being_read_leaves_that_reading_whole(desk: Desk) -> None:
    path = desk.drop("R_20261101.csv", table(f"{CODE},云岫,x"))
    folder = drop_folder.Folder(path.parent, "*_{stamp}.csv")
    with folder.opened(folder.newest()) as file:
        desk.drop("other.part", table(f"{CODE},云岫二,x")).replace(path)
        assert file.read() == table(f"{CODE},云岫,x")
    assert desk.name() == "云岫二"


def test_while_a_large_new_file_is_read_the_one_before_it_answers(desk: Desk) -> None:
    desk.drop("R_20261101.csv", table(f"{CODE},云岫,x"))

    async def story(connection: Connection) -> list[str]:
        async def name() -> str:
            return (await connection.look_up(CODE, ("company.name",), PURPOSE))[1].value

        assert isinstance(connection, file_drop.FileDropConnection)
        connection.deadline_s = 0.01
        told = [await name()]
        desk.drop("R_20261102.csv", table(f"{CODE},云岫二,x"))
        with connection._one_reads:  # the reader has begun, and takes longer than anybody waits
            told.append(await name())
        assert connection._reading
        await connection._reading
        return [*told, await name()]

    assert desk.told(story) == ["云岫", "云岫", "云岫二"]


def test_links_pipes_and_folders_are_no_drops(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "secret_20261109.csv"
    outside.write_bytes(table(f"{CODE},不是它的,x"))
    desk.drop("R_20261101.csv", table(f"{CODE},云岫,x"))
    (desk.folder / "drops" / "R_20261102.csv").symlink_to(outside)
    (desk.folder / "drops" / "R_20261103.csv").mkdir()
    os.mkfifo(desk.folder / "drops" / "R_20261104.csv")
    assert desk.name() == "云岫"
    (desk.folder / "drops" / "R_20261101.csv").unlink()
    assert desk.failure()[0] == "down"


def test_a_link_put_in_the_place_of_a_file_that_was_found_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_bytes(table(f"{CODE},不是它的,x"))
    path = desk.drop("R_20261101.csv", table(f"{CODE},云岫,x"))
    folder = drop_folder.Folder(path.parent, "*_{stamp}.csv")
    found = folder.newest()
    path.unlink()
    path.symlink_to(outside)
    with pytest.raises(DepartmentFailure, match="down"), folder.opened(found):
        pass


def test_a_file_that_is_too_large_is_not_read(desk: Desk) -> None:
    path = desk.drop("R_20261101.csv", table(f"{CODE},云岫,x"))
    os.truncate(path, drop_folder.LARGEST_FILE + 1)
    assert desk.failure() == ("garbled", "R_20261101.csv is larger than 64 MB")


def changes(connection: Connection, mark: str) -> Any:
    return connection.changes(mark, connection.items)


def names(batch: Batch) -> dict[str, str]:
    return {s.key: next((r.value for r in s.records if r.item == "company.name"), "gone" * s.gone) for s in batch.subjects}


def test_a_whole_drop_is_collected_once(desk: Desk) -> None:
    desk.collect = {"drops": "whole"}
    desk.drop("R_20261101.csv", table(f"{CODE},云岫,x", f"{OTHER},何记,x", ",没有代码,x"))

    async def story(connection: Connection) -> None:
        first = await changes(connection, "")
        assert (names(first), first.whole, first.more) == ({CODE: "云岫", OTHER: "何记"}, True, False)
        again = await changes(connection, first.mark)
        assert (again.subjects, again.mark, again.whole, again.more) == ((), first.mark, False, False)
        desk.drop("R_20261102.csv", table(f"{OTHER},何记,x"))
        second = await changes(connection, first.mark)
        assert (names(second), second.whole) == ({OTHER: "何记"}, True)
        desk.drop("R_20261103.csv", table())
        third = await changes(connection, second.mark)
        assert (third.subjects, third.whole, third.more) == ((), True, False)
        with pytest.raises(DepartmentFailure, match="garbled"):
            await changes(connection, "20261101")

    desk.told(story)


def test_a_large_drop_is_collected_in_parts_that_all_belong_to_the_whole(desk: Desk) -> None:
    desk.collect = {"drops": "whole"}
    codes = [f"91440604{number:010}" for number in range(file_drop.PART + 1)]
    desk.drop("R_20261101.csv", table(*(f"{code},云岫,x" for code in codes)))

    async def story(connection: Connection) -> None:
        first = await changes(connection, "")
        second = await changes(connection, first.mark)
        assert (len(first.subjects), first.more, first.whole) == (file_drop.PART, True, True)
        assert (len(second.subjects), second.more, second.whole) == (1, False, True)
        assert [subject.key for batch in (first, second) for subject in batch.subjects] == codes

    desk.told(story)


def test_changes_dropped_between_two_whole_drops_are_looked_up_and_collected_in_their_order(desk: Desk) -> None:
    desk.collect = {"drops": "whole", "deltas": "R_Z_{stamp}.csv", "gone": "状态"}
    third = "91440604MA2XK7P21X"
    desk.drop("R_Z_20261031.csv", table(f"{CODE},太旧了,"))
    desk.drop("R_20261101.csv", table(f"{CODE},云岫,", f"{OTHER},何记,"))
    desk.drop("R_Z_20261101T100000.csv", table(f"{CODE},云岫二,", f"{third},新开的,"))
    desk.drop("R_Z_20261101T110000.csv", table(f"{CODE},云岫三,", f"{OTHER},何记,注销"))

    async def story(connection: Connection) -> list[tuple[dict[str, str], bool, bool]]:
        told, mark, more = [], "", True
        while more:
            batch = await changes(connection, mark)
            told.append((names(batch), batch.whole, batch.more))
            mark, more = batch.mark, batch.more
        assert not (await changes(connection, mark)).subjects
        desk.drop("R_Z_20261101T120000.csv", table(f"{CODE},云岫四,"))
        told.append((names(await changes(connection, mark)), False, False))
        return told

    assert desk.told(story) == [
        ({CODE: "云岫", OTHER: "何记"}, True, True),
        ({CODE: "云岫二", third: "新开的"}, False, True),
        ({CODE: "云岫三", OTHER: "gone"}, False, False),
        ({CODE: "云岫四"}, False, False),
    ]
    assert desk.name() == "云岫四"
    assert desk.look_up(OTHER) == {}
    assert desk.look_up(third)["company.name"] == ("新开的", "")
    desk.drop("R_Z_20261101T130000.csv", table(f"{CODE},云岫五,")[:-4])
    assert desk.failure()[0] == "garbled"


def test_a_check_goes_step_by_step_and_with_a_check_key_item_by_item(desk: Desk) -> None:
    desk.drop("R_20261101.csv", table(f"{CODE},云岫,"))
    steps = [(finding.step, finding.good) for finding in desk.check()]
    assert steps == [(s, True) for s in ("settings", "folder", "file", "encoding", "complete", "columns", "look-up")]
    desk.options = {"check_key": CODE}
    assert {f.step: f.words for f in desk.check()}["company.status"] == "状态 gives nothing"
    desk.options = {"check_key": OTHER}
    assert desk.check()[-1] == Finding("look-up", "it finds nobody, although check_key says whom to ask for", good=False)
    assert not [finding for finding in desk.check() if "云岫" in finding.words or CODE in finding.words]


@pytest.mark.parametrize(
    ("options", "rows", "columns", "collect", "problem"),
    [
        ({"format": "pdf"}, "", "abc", {}, "format must be one of csv, xml, fixed"),
        ({"encoding": "big5"}, "", "abc", {}, "encoding must be one of gb18030"),
        ({"format": "fixed"}, "", "abc", {}, "'a' is no span of bytes such as 1-18"),
        ({"format": "fixed", "delimiter": ";"}, "", ("1-2", "2-3", "3-4"), {}, "a file_drop in fixed has no delimiter"),
        ({"format": "fixed", "encoding": "utf-16"}, "", ("1-2", "2-3", "4-3"), {}, "positions are bytes"),
        ({"format": "xml"}, "", "abc", {}, "rows must name the element of a row"),
        ({"format": "xml"}, "d:c", ("d:a", "b[", "c"), {}, "'b[' is no XPath"),
        ({"format": "xml"}, "c", ("d:a", "b", "c"), {}, "'d:a' has the prefix d and there is no namespace"),
        ({"heading": "no"}, "", "abc", {}, "'a' is no number of a column"),
        ({"heading": "maybe"}, "", "abc", {}, "heading must be yes or no"),
        ({"delimiter": "||"}, "", "abc", {}, "delimiter must be one character"),
        ({"marker": "../x"}, "", "abc", {}, "marker must be an ending such as .ok"),
        ({"name": "../R_{stamp}.csv"}, "", "abc", {}, "name must be a file's name"),
        ({}, "c", "abc", {}, "a file_drop in csv has no rows"),
        ({}, "", "abc", {"gone": "a"}, 'collect.drops must be "whole"'),
        ({}, "", "abc", {"drops": "whole", "mark": "a"}, "collect.mark is nothing that can be set"),
        ({}, "", "abc", {"drops": "whole", "deltas": "R.csv"}, "collect.deltas and name must be names of files with {stamp}"),
    ],
)
def test_what_is_wrong_with_the_settings_is_told_in_words(
    desk: Desk, options: dict[str, str], rows: str, columns: Sequence[str], collect: dict[str, str], problem: str
) -> None:
    desk.options, desk.rows, desk.columns, desk.collect = options, rows, columns, collect
    with pytest.raises(SettingsWrong) as caught:
        desk.connect()
    assert any(problem in one for one in caught.value.problems), caught.value.problems
