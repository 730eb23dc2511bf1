"""``jiangheng roster check`` beside the bare readers of the same workbooks: seconds and peak memory.

``python -m bench.roster [--rows 1000,10000,100000] [--repeats 3]`` prints a Markdown table. Every figure is that of a
process of its own, from its start to its end; in each round the readers and the check take their turns on one file.
Goal: 10,000 rows in at most 5 s and 500 MiB on 2 cores.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

from bench import machine

GOAL_ROWS, GOAL_SECONDS, GOAL_MIB = 10_000, 5.0, 500.0
ASKED = ("--occupation", "6-31-01-03", "--level", "4", "--on", "2026-11-24", "--json")
FAULTY_EVERY = 50
READERS = {
    "python-calamine": "import sys, python_calamine as c\n"
    "len(c.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python())",
    "openpyxl": "import sys, openpyxl\n"
    "sum(1 for _ in openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0].iter_rows(values_only=True))",
}
START = "jiangheng, nothing to do"
CHECK = "jiangheng roster check"
NATIONS = ("汉", "壮", "侗", "苗", "瑶", "仫佬")
GIVEN = "芳华丽强军敏静磊洋勇艳杰娟涛超秀霞平刚桂英玉兰凤洁梅琳雪荣爱"
SURNAMES = "吴莫覃蓝罗梁黄陆卢石农欧潘银甘区凌麦温符邱钟苏方施龚崔姚邓任"


def candidate(serial: int) -> dict[str, object]:
    """An invented person without fault; those before 40 hold a certificate of the level below."""
    from stdnum.cn import ric

    born = date(1971, 1, 1) + timedelta(days=serial * 7 % 10_000)
    head = f"45020{2 + serial // 10_000 % 4}{born:%Y%m%d}{serial // 10 % 1000:03d}"
    number, began = head + ric.calc_check_digit(f"{head}0"), date(born.year + 19, 3, 1)
    name = SURNAMES[serial % 30] + GIVEN[serial // 30 % 30] + GIVEN[(serial // 900 + serial) % 30]
    return {
        "序号": serial + 1, "职业工种名称": "电工", "认定等级": 4, "申报条件": "2023-4-2", "证件类型": "居民身份证",
        "证件号码": number, "姓名": name, "性别": "男" if int(number[16]) % 2 else "女", "出生日期": born.isoformat(),
        "手机号码": f"139{serial:08d}", "是否有职业资格证书": "是", "证书等级": "五级/初级工",
        "证书编号": f"S0000450000{serial // 1_000_000 + 11:02d}225{serial % 1_000_000:06d}", "文化程度": "高中",
        "所在省（市）区": "广西壮族自治区", "考生来源": "企业", "所在单位": "示例汽车零部件有限公司",
        "报名单位": "示例职业培训学校", "认定分类": "晋级", "考试类型": "新考", "民族": NATIONS[serial % len(NATIONS)],
        "参加工作时间": began.isoformat(), "专业年限": 6, "户籍所在地": "广西柳州", "政治面貌": "群众",
        "简要经历": f"{began:%Y-%m}至今 示例单位 电工", "通讯地址": f"广西柳州市示例路{serial % 300 + 1}号", "证书领取方式": "自取",
    }  # read as a table  # fmt: skip


def spoiled(serial: int, row: dict[str, object]) -> dict[str, object]:
    """Every fiftieth row has one fault, of ten kinds in turn."""
    if serial % FAULTY_EVERY != FAULTY_EVERY - 1:
        return row
    number = str(row["证件号码"])
    wrong = (
        ("证件号码", number[:-1] + ("0" if number[-1] != "0" else "1")),
        ("姓名", None),
        ("手机号码", "0772-2820000"),
        ("性别", "不详"),
        ("出生日期", "昨天"),
        ("申报条件", "2018-4-1"),
        ("认定等级", "四极"),
        ("民族", "壮壮"),
        ("电子邮箱", "nobody"),
        ("通讯地址", " 广西柳州 "),
    )
    column, value = wrong[serial // FAULTY_EVERY % len(wrong)]
    return {**row, column: value}


def write(path: Path, rows: int) -> None:
    """A workbook of the 33-column template with that many people."""
    from openpyxl import Workbook

    from jiangheng.rules.roster import templates

    columns = templates()[0].columns
    book = Workbook(write_only=True)
    sheet = book.create_sheet("考生信息")
    sheet.append(columns)
    for serial in range(rows):
        row = spoiled(serial, candidate(serial))
        sheet.append([row.get(column) for column in columns])
    book.save(path)


def timed(command: Sequence[str], out: Path) -> tuple[float, float, float]:
    """Seconds from start to end of a process, those its cores worked, and its own peak resident size in MiB."""
    with out.open("wb") as stream:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=stream)
        _pid, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {process.returncode}: {out.read_text()[:2000]}")
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def commands(path: Path, readers: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """What is timed on one workbook, by name."""
    for name in readers:
        yield name, [sys.executable, "-c", READERS[name], str(path)]
    ours = [sys.executable, "-m", "jiangheng.command.main"]
    yield START, [*ours, "workday", "after", "2026-11-24", "1", "--json"]
    yield CHECK, [*ours, "roster", "check", str(path), *ASKED]


def measured(rows: int, repeats: int, readers: Sequence[str], folder: Path) -> None:
    """Print the lines of one size."""
    path, out = folder / f"{rows}.xlsx", folder / "out.json"
    # Written by another process: the peak of a child begins at what its parent holds.
    subprocess.run([sys.executable, "-m", "bench.roster", "--write", str(path), "--rows", str(rows)], check=True)
    found: dict[str, list[tuple[float, float, float]]] = {}
    for _ in range(repeats):
        for name, command in commands(path, readers):
            found.setdefault(name, []).append(timed(command, out))
    with out.open(encoding="utf-8") as lines:
        told = sum('"severity": ' in line for line in lines)
    middle = {name: [statistics.median(each) for each in zip(*taken, strict=True)] for name, taken in found.items()}
    for name, (seconds, worked, mib) in middle.items():
        ratios = [f"{ours / theirs:.1f}" for ours, theirs in zip(middle[CHECK], middle[name], strict=True)]
        print(f"| {rows:,} | {name} | {seconds:.2f} | {worked:.2f} | {mib:.0f} | {' | '.join(ratios)} |", flush=True)
    size = path.stat().st_size / 2**20
    verdict = ""
    if rows == GOAL_ROWS:
        kept = middle[CHECK][0] <= GOAL_SECONDS and middle[CHECK][2] <= GOAL_MIB
        verdict = f"; the goal of {GOAL_SECONDS:.0f} s and {GOAL_MIB:.0f} MiB is {'kept' if kept else 'MISSED'}"
    print(f"{rows:,} rows: {size:.1f} MiB workbook, {told:,} faults told{verdict}", file=sys.stderr)


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="1000,10000,100000")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--readers", default=",".join(READERS), help="which bare readers take a turn")
    parser.add_argument("--write", type=Path, default=None, help=argparse.SUPPRESS)
    arguments = machine.parsed(parser, rows="20", repeats=1)
    sizes = [int(each) for each in arguments.rows.split(",")]
    if arguments.write:
        write(arguments.write, sizes[0])
        return
    print(
        f"{machine.describe()}; {', '.join(f'{name} {version(name)}' for name in READERS)}; median of "
        f"{arguments.repeats}\n"
    )
    print("| rows | what | s | CPU s | MiB | check × s | check × CPU s | check × MiB |")
    print("|---:|---|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="jiangheng-bench.") as folder:
        for rows in sizes:
            measured(rows, arguments.repeats, arguments.readers.split(","), Path(folder))


if __name__ == "__main__":
    main()
