"""The certificate on paper: the same bytes each time, every word on it, rare characters too."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

from flows.certificate import Certificate
from hall.certificates import Issued
from hall.paper import Hall, drawn, verification_address
from tests.hall.fakes import ME, NOON

HALL = Hall("禅城区行政服务中心", "https://hall.example.cn")
PAPER = Certificate(
    "社会保险参保证明",
    "兹证明以下参保情况属实。",
    "佛山市禅城区人力资源和社会保障局",
    (("姓名", "吕晓岚"), ("公民身份号码", ME.number)),
    (("险种", "累计月数"), ("企业职工基本养老保险", "148")),
    date(2027, 2, 21),
    ("医疗保险由医疗保障部门另行登记。",),
)
ISSUED = Issued("v", "7K3M9PQRSTVWX2Y4", PAPER, ME.name, ME.number, NOON, "Z001")


def text_of(pdf: bytes, folder: Path) -> str:
    (folder / "paper.pdf").write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", str(folder / "paper.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout


def test_it_is_the_same_paper_whenever_it_is_drawn_and_says_everything(tmp_path: Path) -> None:
    pdf = drawn(ISSUED, HALL)
    assert pdf.startswith(b"%PDF-")
    assert drawn(ISSUED, HALL) == pdf
    said = text_of(pdf, tmp_path)
    cells = [cell for row in (*PAPER.rows, *PAPER.table) for cell in row]
    words = [
        PAPER.title,
        PAPER.statement,
        PAPER.issuer,
        *PAPER.notes,
        *cells,
        HALL.name,
        "2027 年 2 月 21 日",
        "2026 年 11 月 23 日",
    ]
    words += ["20261123-Z001", "7K3M 9PQR STVW X2Y4", "https://hall.example.cn/verify", "非法定电子印章", "电子签章由印章"]
    assert not [word for word in words if word not in said]
    assert said.count("\f") == 1, "one page"


def test_a_name_with_a_character_that_usual_fonts_have_not_is_printed(tmp_path: Path) -> None:
    rare = replace(ISSUED, certificate=replace(PAPER, rows=(("姓名", "吕𠀁"),)))
    assert "𠀁" in text_of(drawn(rare, HALL), tmp_path)


def test_a_long_certificate_goes_on_to_a_second_page_and_ends_with_its_code(tmp_path: Path) -> None:
    long = replace(
        ISSUED, certificate=replace(PAPER, table=(("月份", "基数"), *((f"第 {n} 个月", "5500") for n in range(1, 31))))
    )
    said = text_of(drawn(long, HALL), tmp_path)
    assert said.count("\f") == 2
    assert "第 30 个月" in said
    assert "核验真伪" in said.split("\f")[1]


def test_the_address_in_the_code_is_the_public_one() -> None:
    assert verification_address(HALL, ISSUED.code) == "https://hall.example.cn/verify/7K3M9PQRSTVWX2Y4"
