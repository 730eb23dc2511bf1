"""Workbooks go out as text that stays text, and come in bounded by what they unpack to (faults 16 and 17)."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import time
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from jiangheng.files import exports, limits, workbooks
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force
from tests import factories
from tests.files import corpus

BOUNDS = limits.of(in_force(date(2026, 6, 1)))
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", '=HYPERLINK("http://x")', "=cmd|'/c calc'!A0"]
EXACT = [
    *DANGEROUS,
    "450203199001011234",
    "007",
    "1e5",
    "韦𠮷𱍐·阿依古丽",
    "a\nb",
    "  空格  ",
    "_x0041_",
    "<&>\"'",
    "2026-06-01",
]


def test_every_text_goes_out_as_text_and_comes_back_exactly() -> None:
    data = exports.workbook("名册[1]", ["内容"], [[text] for text in EXACT])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.data_type for (cell,) in sheet.iter_rows(min_row=2)] == ["s"] * len(EXACT)
    assert [row[0] for row in workbooks.read(data, BOUNDS)[1:]] == EXACT
    package = io.BytesIO(data)
    with zipfile.ZipFile(package) as parts:
        assert b"<f>" not in b"".join(parts.read(name) for name in parts.namelist())


def test_dangerous_text_keeps_its_quote_mark_when_edited() -> None:
    data = exports.workbook("名册", ["内容"], [[text] for text in (*DANGEROUS, "普通")])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    marks = [bool(cell.quotePrefix) for (cell,) in sheet.iter_rows(min_row=2)]
    assert marks == [True] * len(DANGEROUS) + [False]


@settings(max_examples=60, deadline=None)
@given(some.text(some.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40))
def test_any_printable_text_survives_the_round_trip(text: str) -> None:
    assert workbooks.read(exports.workbook("t", ["h"], [[text]]), BOUNDS)[1][0] == text.replace(
        "\ufffe", "\ufffd"
    ).replace("\uffff", "\ufffd")


def test_control_characters_and_lone_surrogates_do_not_break_an_export() -> None:
    data = exports.workbook("名册", ["内容"], [["a\x00b\ud800c\x0bd"]])
    assert workbooks.read(data, BOUNDS)[1][0] == "a\ufffdb\ufffdc\ufffdd"


def test_numbers_days_and_moments_keep_their_kind() -> None:
    moment = factories.moment("2026-06-01 10:30")
    data = exports.workbook("表", ["a"] * 7, [[7, Decimal("2.5"), date(2026, 6, 1), moment, True, None, 10**17]])
    assert workbooks.read(data, BOUNDS)[1] == [
        7.0,
        2.5,
        date(2026, 6, 1),
        moment.replace(tzinfo=None),
        "是",
        None,
        "1" + "0" * 17,
    ]


def test_a_long_number_kept_as_a_number_can_be_told_from_text() -> None:
    rows = workbooks.read(corpus.workbook([[450203199001011234, "450203199001011234", 4, True]]), BOUNDS)
    assert [workbooks.is_number(cell) for cell in rows[0]] == [True, False, True, False]
    assert workbooks.written(rows[0][2]) == "4"
    assert workbooks.written(rows[0][0]) != "450203199001011234"


def test_row_numbers_are_those_on_the_senders_screen() -> None:
    rows = workbooks.read(corpus.workbook([[], [], [None, "第三行"]]), BOUNDS)
    assert rows[2] == [None, "第三行"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_in_any_office_encoding_reads_alike(encoding: str) -> None:
    rows = workbooks.read('姓名,号码\r\n韦𠮷,"00,7"\r\n'.encode(encoding), BOUNDS)
    assert rows == [["姓名", "号码"], ["韦𠮷", "00,7"]]


def test_the_shipped_roster_reads_with_numbers_as_text() -> None:
    rows = workbooks.read(Path(__file__).with_name("template_a.xls").read_bytes(), BOUNDS)
    assert rows[0][:2] == ["序号", "证件号码"]
    assert rows[1] == [1.0, "450203199001011234", date(2026, 6, 1)]


def declares_macros(_name: str, part: bytes) -> bytes:
    return part.replace(b"sheet.main", b"sheet.macroEnabled.main")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (corpus.zip_bomb(), "workbook.bomb"),
        (corpus.lying_zip_bomb(), "workbook.broken"),
        (corpus.far_corner(), "workbook.cells"),
        (corpus.crowded(5_000_000), "workbook.cells"),
        (corpus.laughing(), "workbook.broken"),
        (corpus.workbook([["a"]], sheets=BOUNDS.sheets + 1), "workbook.sheets"),
        (corpus.repacked(corpus.workbook([["a"]]), lambda _n, c: c, {"xl/vbaProject.bin": b"x"}), "workbook.macros"),
        (corpus.repacked(corpus.workbook([["a"]]), declares_macros), "workbook.macros"),
        (corpus.workbook([["a"]])[:-200], "workbook.broken"),
        (b"PK\x03\x04" + b"\0" * 100, "workbook.broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "workbook.broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"), "workbook.macros"),
        (b"a,b\x00c", "workbook.broken"),
        (b"a,b\n" * 3_000_000, "workbook.cells"),
    ],
)
def test_bombs_and_impostors_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        workbooks.read(data, BOUNDS)
    assert refused.value.code == code
    assert refused.value.status == 422
    with pytest.raises(Refusal):
        workbooks.clean(data, BOUNDS)


PROBE = """
import sys
from datetime import date
from jiangheng.files import limits, workbooks
from jiangheng.rules.shipped_law import in_force
from jiangheng.rules.refusal import Refusal
data = open(sys.argv[1], "rb").read()
try:
    workbooks.read(data, limits.of(in_force(date(2026, 6, 1))))
except Refusal as refusal:
    peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))
    print(refusal.code, peak.split()[1])
"""


@pytest.mark.parametrize("make", [corpus.zip_bomb, corpus.far_corner, corpus.laughing])
def test_a_bomb_is_refused_in_little_memory_and_time(make: object, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(make())
    begun = time.monotonic()
    limit = 1 << 30
    answer = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    code, peak = answer.stdout.split()
    assert code.startswith("workbook.")
    assert int(peak) < 300_000
    assert time.monotonic() - begun < 20
