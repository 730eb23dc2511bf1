"""One bad file does not spoil an archive of photos: what is left by computers and notes are passed over, the rest told."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from jiangheng.command.main import main
from jiangheng.files import archives, limits, roster_photos
from jiangheng.rules import roster
from jiangheng.rules.shipped_law import in_force
from tests.files import corpus

BOUNDS = limits.of(in_force(date(2026, 11, 24)))
NUMBER, OTHER = "450224199204112810", "450224199204112837"
PHOTO = corpus.picture()


def packed(*files: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, data in files:
            package.writestr(name, data)
    return stream.getvalue()


def looked(*files: tuple[str, bytes]) -> list[tuple[str, str]]:
    """Of each file that is looked at: its number and the code of what is wrong, ``passed`` where it is passed over."""
    taken: dict[str, str] = {}
    found = []
    for part in archives.parts(packed(*files), BOUNDS):
        photo = roster_photos.looked_at(part, BOUNDS, taken)
        wrong = "" if photo is None or photo.wrong is None else photo.wrong.code
        found.append(("passed", "") if photo is None else (photo.number, wrong))
    return found


@pytest.mark.parametrize(
    "junk",
    ["__MACOSX/照片/._x.jpg", f"照片/._{NUMBER}.jpg", "照片/Thumbs.db", "a/.DS_Store", "desktop.ini", "@eaDir/x.jpg",
     "~$花名册.xlsx", ".picasa.ini"],
)  # read as a table  # fmt: skip
def test_what_computers_leave_is_not_looked_at(junk: str) -> None:
    data = packed((f"{NUMBER}.jpg", PHOTO), (junk, b"x"))
    assert [part.name for part in archives.parts(data, BOUNDS)] == [f"{NUMBER}.jpg"]
    assert archives.left_by_programs(data) == [junk.rpartition("/")[2]]
    assert archives.count(data, BOUNDS) == 1


def test_each_file_has_its_own_answer() -> None:
    assert looked(
        ("照片要求.txt", b"x"),
        ("名单.xlsx", b"PK"),
        (f"{NUMBER}.jpg", PHOTO),
        (f"b/{NUMBER} (1).jpg", PHOTO),
        (f"c/{NUMBER}.png", corpus.picture(480, 640, "PNG")),
        (f"{OTHER}.pdf", corpus.pdf()),
        (f"{OTHER}.txt", PHOTO),
        (f"{NUMBER}和{OTHER}.jpg", PHOTO),
        ("集体照.jpg", PHOTO),
        ("更多.zip", b"PK"),
    ) == [
        ("passed", ""),
        ("passed", ""),
        (NUMBER, ""),
        ("passed", ""),
        (NUMBER, "photo.twice"),
        (OTHER, "upload.kind"),
        (OTHER, ""),
        ("", "photo.names"),
        ("", ""),
        ("", "photo.archive"),
    ]


def matched(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, *files: tuple[str, bytes]
) -> tuple[int, dict[str, list[dict[str, str]]]]:
    template = roster.templates()[1]
    rows = [
        [{"姓名": name, "证件类型": "居民身份证", "身份证号": number}.get(column) for column in template.columns]
        for name, number in (("韦一明", NUMBER), ("韦二明", OTHER))
    ]
    (tmp_path / "roster.xlsx").write_bytes(corpus.workbook([list(template.columns), *rows]))
    (tmp_path / "photos.zip").write_bytes(packed(*files))
    status = main(
        ["roster", "photos", str(tmp_path / "photos.zip"), "--roster", str(tmp_path / "roster.xlsx"), "--json"]
    )
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.django_db
def test_the_command_matches_the_good_and_tells_the_rest(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, told = matched(
        capsys,
        tmp_path,
        (f"韦一明{NUMBER}.jpg", PHOTO),
        ("._x.jpg", b"x"),
        ("要求.txt", b"x"),
        ("450202198001010075.jpg", PHOTO),
        ("合影.jpg", PHOTO),
        (f"{OTHER}.jpg", b"GIF89a" + b"x" * 30_000),
    )
    assert status == 1
    assert told["matched"] == [{"file": f"韦一明{NUMBER}.jpg", "row": 2, "name": "韦一明"}]
    assert told["passed_over"] == ["._x.jpg", "要求.txt"]
    assert [each["code"] for each in told["faults"]] == ["photo.stranger", "photo.unnamed", "upload.kind"]
    assert "GIF" in told["faults"][2]["message"]
    status, told = matched(capsys, tmp_path, (f"{NUMBER}.jpg", PHOTO))
    assert (status, told["faults"], told["without"]) == (0, [], [{"row": 3, "name": "韦二明"}])


@pytest.mark.django_db
@pytest.mark.parametrize("template", ["A33", "B20"])
def test_the_template_is_written_and_reads_as_a_roster(template: str, tmp_path: Path) -> None:
    from jiangheng.files import worksheets

    path = tmp_path / "花名册.xlsx"
    assert main(["roster", "template", "--out", str(path), "--template", template]) == 0
    rows, _sheet = worksheets.roster_sheet(path.read_bytes(), BOUNDS)
    assert roster.lay_out(rows).template.id == template


@pytest.mark.django_db
def test_the_command_says_what_would_be_kept_of_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, out = tmp_path / "x", tmp_path / "out"
    path.write_bytes(corpus.picture())
    assert main(["files", "check", str(path), "--purpose", "photo", "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"taken": True, "kind": "image/jpeg", "code": "", "message": ""}
    assert out.read_bytes().startswith(b"\xff\xd8\xff")
    path.write_bytes(b"Rar!\x1a\x07\x00")
    assert main(["files", "check", str(path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["taken"], told["code"], "RAR" in told["message"]) == (False, "upload.kind", True)
    assert main(["files", "check", str(tmp_path / "none"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["code"] == "file.unreadable"
