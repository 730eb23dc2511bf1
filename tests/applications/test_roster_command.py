"""``jiangheng roster check``: what it answers and how it ends (四（四）)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jiangheng.command.main import UNREAD, main
from tests.applications import cases
from tests.files import corpus

ASKED = ("--occupation", "6-31-01-03", "--level", "4", "--on", "2026-11-24", "--json")
pytestmark = pytest.mark.django_db


def answered(capsys: pytest.CaptureFixture[str], path: Path, *more: str) -> tuple[int, list[dict[str, object]]]:
    status = main(["roster", "check", str(path), *ASKED, *more])
    return status, json.loads(capsys.readouterr().out)


def test_the_clean_roster_ends_with_nothing_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(capsys, cases.CLEAN) == (0, [])


def test_every_keyed_fault_is_told_and_no_other_row(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, told = answered(capsys, cases.FAULTY, "--out", str(tmp_path / "out.xlsx"))
    assert status == 1
    # Row 23 of the key is not in the workbook: its XML is the clean one's, byte for byte.
    wanted = {(each["row"], each["column"]) for each in json.loads(cases.KEY.read_text())} - {(23, "证书编号")}
    places = {(each["row"], each["column"]) for each in told}
    assert wanted <= places
    assert places - wanted == {(5, "出生日期")}  # the number copied from row 4 disagrees with the birthday too
    assert {each["severity"] for each in told if each["row"] == 13} == {"warning"}
    assert next(each for each in told if each["row"] == 3)["message"].startswith("F3：")
    copy = load_workbook(tmp_path / "out.xlsx").active
    assert "校验位" in copy["AH3"].value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (corpus.zip_bomb(), "workbook.bomb"),
        (corpus.laughing(), "workbook.broken"),
        (corpus.far_corner(), "workbook.cells"),
        (corpus.wide(1_000_000), "workbook.columns"),
        (b",".join(["姓名".encode()] * 1_000_000), "workbook.columns"),
        (b"", "upload.empty"),
        (b"%PDF-1.4 x", "upload.kind"),
        (corpus.workbook([["a"]], sheets=1000), "workbook.sheets"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "workbook.password"),
        (corpus.workbook([["姓名", "电话"]]), "roster.template"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, data: bytes, code: str
) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(data)
    status, told = answered(capsys, path)
    assert (status, [each["code"] for each in told], told[0]["row"]) == (2, [code], 0)
    assert "。" in str(told[0]["message"])


@pytest.mark.parametrize("more", [("--json",), ()])
def test_an_answer_nobody_reads_to_its_end_ends_quietly(tmp_path: Path, more: tuple[str, ...]) -> None:
    table = [[cell.value for cell in line] for line in load_workbook(cases.FAULTY).active]
    path = tmp_path / "roster.xlsx"
    path.write_bytes(corpus.workbook([table[0], *table[1:] * 20]))
    command = [sys.executable, "-m", "jiangheng.command.main", "roster", "check", str(path), *ASKED[:-1], *more]
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "JIANGHENG_VAR": str(tmp_path)}
    )
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    assert run.stderr.read().decode() == ""
    assert run.wait() == UNREAD


def test_wrong_usage_ends_with_two(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert answered(capsys, tmp_path / "none.xlsx")[0] == 2
    assert main(["roster", "check", str(cases.CLEAN), "--occupation", "9-9", "--level", "4", "--on", "2026-11-24"]) == 2
    with pytest.raises(SystemExit) as ended:
        main(["roster", "check", str(cases.CLEAN), "--occupation", "6-31-01-03", "--level", "9", "--on", "2026-11-24"])
    assert ended.value.code == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_csv_answers_like_its_workbook(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, encoding: str, mark: str
) -> None:
    table = load_workbook(cases.CLEAN).active.iter_rows(values_only=True)
    text = "\r\n".join(mark.join("" if cell is None else str(cell) for cell in line) for line in table)
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding))
    assert answered(capsys, path) == (0, [])
