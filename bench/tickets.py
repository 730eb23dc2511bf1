"""Admission tickets: pages a second, beside two maintained PDF libraries on the same tickets in one run.

``python -m bench.tickets [--tickets 500] [--repeats 3]`` prints a Markdown table. Every engine sets the same fields, photo,
QR code, two sessions and seven lines of rules on one A4 page a candidate, with the same font embedded as a subset; the
pages are then read back, and the run stops where a name or a number is missing.
"""

# ruff: noqa: E402 - the settings are named before what reads them

from __future__ import annotations

import argparse
import io
import itertools
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from typing import Any

from bench import machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiangheng.site.settings")
os.environ["JIANGHENG_VAR"] = tempfile.mkdtemp(prefix="jiangheng-bench.")

import django

django.setup()

import pypdfium2
import segno
from fpdf import FPDF
from PIL import Image
from reportlab import rl_config
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from jiangheng.catalog import queries as catalog  # noqa: F401 - settles the order in which the rooms load
from jiangheng.files import printing
from jiangheng.sittings import handbook
from jiangheng.sittings.printing_tickets import TEMPLATE

RARE = "𠮷"  # U+20BB7: only in the second font, in one name of ten
FAMILY = "赵钱孙李周吴郑王冯陈"
GIVEN = "建国志强秀英丽华敏静军洋勇艳杰娟涛明超霞"
TITLE = "柳州市职业技能等级认定准考证"
MINUTES = {"early_entry_min": 20, "late_limit_min": 30, "min_submit_min": 30}
REGULAR, BOLD, RARE_FONT = (
    printing.SHIPPED / name for name in ("NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf", "RareHanB.ttf")
)
MM = 72 / 25.4

Ticket = dict[str, Any]


def tickets(count: int) -> tuple[list[Ticket], dict[str, bytes]]:
    """Invented candidates with a photo of their own each, the same on every run."""
    chance = random.Random("tickets")
    made, photos = [], {}
    for place in range(1, count + 1):
        name = chance.choice(FAMILY) + chance.choice(GIVEN) + (RARE if place % 10 == 0 else chance.choice(GIVEN))
        picture = Image.effect_noise((295, 413), 40).convert("RGB")
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=80)
        photos[f"p{place}.jpg"] = out.getvalue()
        made.append(
            {
                "name": name,
                "sex": "男" if place % 2 else "女",
                "identity_kind": "居民身份证",
                "identity_number": f"450203********{place:04d}",
                "number": f"26450001001{place:010d}",
                "occupation": "电工",
                "job": "",
                "level": "四级/中级工",
                "site": "示例考点",
                "address": "示例市示例路88号",
                "photo": f"p{place}.jpg",
                "sessions": [
                    {
                        "subject": "理论知识考试",
                        "time": "2026年7月4日（周六）09:00—10:30",
                        "room": "第1机房",
                        "seat": str(place),
                    },
                    {
                        "subject": "技能考核",
                        "time": "2026年7月4日（周六）14:00—16:00",
                        "room": "实训车间",
                        "seat": str(place),
                    },
                ],
            }
        )
    return made, photos


def lines() -> list[tuple[str, list[str]]]:
    """The lines of rules under the table, by heading."""
    return [
        ("考场规则", [line % MINUTES for line in handbook.texts()["rules"]]),
        ("违纪处理", list(handbook.texts()["discipline"])),
    ]


def facts(one: Ticket) -> list[tuple[str, str]]:
    """The fields at the top, as label and value."""
    return [
        ("准考证号", one["number"]),
        ("姓名", f"{one['name']}（{one['sex']}）"),
        (one["identity_kind"], one["identity_number"]),
        ("职业名称", one["occupation"]),
        ("工种/方向", "--"),
        ("技能等级", one["level"]),
        ("考点名称", one["site"]),
        ("考点地址", one["address"]),
    ]


def ours(people: list[Ticket], photos: dict[str, bytes]) -> bytes:
    """The platform's own template, glyph check and all."""
    images = dict(photos)
    pages = []
    for one in people:
        images[f"{one['number']}.svg"] = printing.qr_svg(one["number"])
        pages.append({**one, "qr": f"{one['number']}.svg"})
    data = {
        "body": "示例机构",
        "plan": "JH202600001",
        "results_url": "http://jndj.osta.org.cn",
        "rules": lines()[0][1],
        "discipline": lines()[1][1],
        "tickets": pages,
    }
    return printing.render_batches(TEMPLATE, data, "tickets", images)


def bars(number: str) -> list[tuple[int, int, int]]:
    """The dark modules of the ticket's QR code, by the same library as ours, as runs: column, row, width."""
    matrix = segno.make(number, error="m", micro=False).matrix
    found = []
    for row, modules in enumerate(matrix):
        column = 0
        for dark, run in itertools.groupby(modules):
            width = len(list(run))
            if dark:
                found.append((column, row, width))
            column += width
    return found


@cache
def _registered() -> None:
    """The fonts of reportlab, read once; its text form of binary data, slow in Python, is off."""
    rl_config.useA85 = 0
    for name, path in (("song", REGULAR), ("bold", BOLD), ("rare", RARE_FONT)):
        pdfmetrics.registerFont(TTFont(name, path))


def by_reportlab(people: list[Ticket], photos: dict[str, bytes]) -> bytes:
    """The same page drawn by reportlab; it has no second font for a character, so the rare one is set by hand."""
    _registered()
    out = io.BytesIO()
    sheet = Canvas(out, pagesize=(210 * MM, 297 * MM))

    def write(x: float, y: float, text: str, font: str = "song", size: float = 10.5) -> None:
        x = x * MM
        for part in text.replace(RARE, f"\0{RARE}\0").split("\0"):
            face = "rare" if part == RARE else font
            sheet.setFont(face, size)
            sheet.drawString(x, (297 - y) * MM, part)
            x += pdfmetrics.stringWidth(part, face, size)

    for one in people:
        write(50, 28, TITLE, "bold", 18)
        write(60, 36, "示例机构　计划编号 JH202600001", size=9.5)
        sheet.line(20 * MM, 257 * MM, 190 * MM, 257 * MM)
        for place, (label, value) in enumerate(facts(one)):
            write(20, 50 + place * 9, label)
            write(45, 50 + place * 9, value, "bold" if place == 0 else "song", 12)
        sheet.drawImage(ImageReader(io.BytesIO(photos[one["photo"]])), 155 * MM, 203 * MM, 35 * MM, 49 * MM)
        for column, row, width in bars(one["number"]):
            sheet.rect((160 + column) * MM, (197 - row) * MM, width * MM, MM, stroke=0, fill=1)
        y = 130.0
        for cells in [("科目", "考试时间", "考场", "座位号"), *(tuple(each.values()) for each in one["sessions"])]:
            for x, width, text in zip((20, 50, 132, 170), (30, 82, 38, 20), cells, strict=True):
                sheet.rect(x * MM, (297 - y - 4) * MM, width * MM, 9 * MM)
                write(x + 2, y + 1, text)
            y += 9
        for heading, rules in lines():
            y += 10
            write(20, y, heading, "bold", 11)
            for rule in rules:
                for part in simpleSplit(rule, "song", 10, 170 * MM):
                    y += 6
                    write(20, y, part, size=10)
        write(20, 283, "成绩查询：http://jndj.osta.org.cn", size=9)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def by_fpdf2(people: list[Ticket], photos: dict[str, bytes]) -> bytes:
    """The same page drawn by fpdf2, which takes the rare character from a second font by itself."""
    sheet = FPDF(format="A4")
    for name, path in (("song", REGULAR), ("bold", BOLD), ("rare", RARE_FONT)):
        sheet.add_font(name, fname=str(path))
    sheet.set_fallback_fonts(["rare"])
    sheet.set_auto_page_break(auto=False)

    def write(x: float, y: float, text: str, font: str = "song", size: float = 10.5) -> None:
        sheet.set_font(font, size=size)
        sheet.text(x, y, text)

    for one in people:
        sheet.add_page()
        write(50, 28, TITLE, "bold", 18)
        write(60, 36, "示例机构　计划编号 JH202600001", size=9.5)
        sheet.line(20, 40, 190, 40)
        for place, (label, value) in enumerate(facts(one)):
            write(20, 50 + place * 9, label)
            sheet.set_font("bold" if place == 0 else "song", size=12)
            sheet.set_xy(44, 46 + place * 9)
            sheet.cell(h=6, text=value)
        sheet.image(io.BytesIO(photos[one["photo"]]), 155, 45, 35, 49)
        for column, row, width in bars(one["number"]):
            sheet.rect(160 + column, 99 + row, width, 1, style="F")
        y = 130.0
        for cells in [("科目", "考试时间", "考场", "座位号"), *(tuple(each.values()) for each in one["sessions"])]:
            for x, width, text in zip((20, 50, 132, 170), (30, 82, 38, 20), cells, strict=True):
                sheet.rect(x, y - 5, width, 9)
                write(x + 2, y + 1, text)
            y += 9
        for heading, rules in lines():
            y += 10
            write(20, y, heading, "bold", 11)
            sheet.set_font("song", size=10)
            for rule in rules:
                sheet.set_xy(20, y + 2)
                sheet.multi_cell(170, 6, rule, align="L")
                y = sheet.get_y() - 2
        write(20, 283, "成绩查询：http://jndj.osta.org.cn", size=9)
    return bytes(sheet.output())


def check(data: bytes, people: list[Ticket]) -> bool:
    """One page a candidate with the own name and number on it; whether rare characters can be copied and searched."""
    searchable = True
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) == len(people), len(document)
        for page, one in zip(document, people, strict=True):
            text = page.get_textpage().get_text_range()
            assert one["number"] in text, one["number"]
            assert one["name"].replace(RARE, "") in text, one["name"]
            searchable &= one["name"] in text
    return searchable


ENGINES: dict[str, Callable[[list[Ticket], dict[str, bytes]], bytes]] = {
    f"jiangheng (typst {version('typst')})": ours,
    f"reportlab {version('reportlab')}": by_reportlab,
    f"fpdf2 {version('fpdf2')}": by_fpdf2,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=500)
    parser.add_argument("--repeats", type=int, default=3)
    asked = machine.parsed(parser, tickets=3, repeats=1)
    people, photos = tickets(asked.tickets)
    for make in ENGINES.values():
        check(make(people[:10], photos), people[:10])
    taken: dict[str, list[float]] = {name: [] for name in ENGINES}
    used: dict[str, list[float]] = {name: [] for name in ENGINES}
    sizes: dict[str, int] = {}
    searchable: dict[str, bool] = {}
    for _ in range(asked.repeats):
        for name, make in ENGINES.items():
            start, worked = time.perf_counter(), time.process_time()
            data = make(people, photos)
            taken[name].append(time.perf_counter() - start)
            used[name].append(time.process_time() - worked)
            sizes[name] = len(data)
            searchable[name] = check(data, people)
    print(machine.describe(), f"load {os.getloadavg()[0]:.1f}\n")
    print(
        f"| engine | {asked.tickets} tickets, s | CPU s | pages a CPU second | MB | rare characters copy right |\n|---|---:|---:|---:|---:|---|"
    )
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        found = "yes" if searchable[name] else "no"
        worked = statistics.median(used[name])
        figures = f"{middle:.2f} | {worked:.2f} | {asked.tickets / worked:.0f} | {sizes[name] / 1e6:.1f}"
        print(f"| {name} | {figures} | {found} |")
    few = people[:20]
    worked = time.process_time()
    for one in few:
        ours([one], {one["photo"]: photos[one["photo"]]})
    print(f"\none file each: {(time.process_time() - worked) / len(few) * 1000:.0f} ms of CPU a ticket")


if __name__ == "__main__":
    main()
