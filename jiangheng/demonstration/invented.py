"""Invented people: valid-format numbers, made-up names, and rosters of any size in the 33-column template."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook
from PIL import Image, ImageDraw, ImageFont
from stdnum.cn import ric, uscc

from jiangheng.files import printing
from jiangheng.rules import codes
from jiangheng.rules.roster import templates

ROSTER = Path(__file__).resolve().parent / "roster_electrician_l4_60.xlsx"
SURNAMES = "韦覃黄李梁陈莫罗蒙兰吴刘张王杨周卢谭何龙"
GIVEN = "明华强芳秀丽军勇建国志远文静海燕春梅小平阿东晓云"
PLACES = ("450202", "450203", "450204", "450205", "450206", "450222", "450223", "450224")
EMPLOYERS = ("示例机械制造有限公司", "示例汽车零部件有限公司", "示例物业服务有限公司")


def credit_code(serial: int) -> str:
    """A valid-format unified social credit code of a fictional body."""
    head = f"52450299MJ{serial:07d}"
    return head + str(uscc.calc_check_digit(head))


def identity_number(serial: int, born: date, sex: str) -> str:
    """A valid-format resident number: place and order follow from ``serial``, so different serials differ."""
    place = PLACES[serial // 499 % len(PLACES)]
    order = (serial % 499) * 2 + (1 if sex == "男" else 0)
    head = f"{place}{born:%Y%m%d}{order:03d}"
    return head + str(ric.calc_check_digit(head + "0"))


def name(source: random.Random) -> str:
    """A made-up name of two or three characters."""
    return source.choice(SURNAMES) + "".join(source.choice(GIVEN) for _ in range(source.choice((1, 2))))


def roster(count: int, today: date, *, seed: str = "示例", sender: str = "示例职业培训学校") -> bytes:
    """A clean workbook of ``count`` invented electricians for level four, by routes 2023-4-1 and 2023-4-2."""
    source = random.Random(seed)  # noqa: S311 - invented people, nothing secret
    book = Workbook(write_only=True)
    sheet = book.create_sheet("考生信息")
    columns = templates()[0].columns
    sheet.append(columns)
    for serial in range(1, count + 1):
        born = date(today.year - source.randint(26, 52), 1, 1) + timedelta(days=source.randint(0, 364))
        sex = source.choice("男男女")
        began = date(born.year + 18 + source.randint(0, 2), source.randint(1, 12), 1)
        holder = source.random() < 0.6
        years = today.year - began.year - 1
        values = {
            "序号": serial,
            "职业工种名称": "电工",
            "认定等级": 4,
            "申报条件": "2023-4-2" if holder else "2023-4-1",
            "证件类型": "居民身份证",
            "证件号码": identity_number(serial, born, sex),
            "姓名": name(source),
            "性别": sex,
            "出生日期": born.isoformat(),
            "手机号码": f"13{source.randint(0, 9)}{serial:08d}",
            "是否有职业资格证书": "是" if holder else "否",
            "证书等级": codes.level_name(5) if holder else None,
            "证书编号": f"S000045000018{(today.year - 5) % 100:02d}5{serial:06d}" if holder else None,
            "文化程度": source.choice(("初中", "高中", "中等专业学校")),
            "所在省（市）区": "广西壮族自治区",
            "考生来源": "企业",
            "所在单位": source.choice(EMPLOYERS),
            "报名单位": sender,
            "认定分类": "晋级" if holder else "初次",
            "考试类型": "新考",
            "民族": source.choice(("汉", "壮", "苗", "侗", "瑶", "仫佬")),
            "参加工作时间": began.isoformat(),
            "专业年限": years,
            "户籍所在地": "广西柳州",
            "政治面貌": "群众",
            "简要经历": f"{began:%Y-%m}至今 示例单位 电工",
            "通讯地址": "广西柳州市示例路1号",
            "证书领取方式": "自取",
        }
        sheet.append([values.get(column) for column in columns])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def portrait() -> bytes:
    """A drawn head and shoulders on white, 480×640, as a JPEG: nobody's photograph."""
    picture = Image.effect_noise((480, 640), 40).convert("RGB")
    picture = Image.blend(picture, Image.new("RGB", (480, 640), "white"), 0.85)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((80, 430, 400, 900), fill=(52, 84, 128))
    pen.ellipse((205, 360, 275, 480), fill=(224, 188, 160))
    pen.ellipse((150, 130, 330, 390), fill=(232, 198, 170))
    pen.pieslice((140, 110, 340, 350), 180, 360, fill=(40, 36, 34))
    return _jpeg(picture)


def scan(title: str, lines: tuple[str, ...] = ()) -> bytes:
    """A blank-looking sheet marked as an example, as a JPEG: stands in for a scanned proof."""
    picture = Image.blend(
        Image.effect_noise((900, 1270), 8).convert("RGB"), Image.new("RGB", (900, 1270), "white"), 0.92
    )
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 60, 840, 1210), outline=(90, 90, 90), width=3)
    font = ImageFont.truetype(str(printing.SHIPPED / "NotoSerifSC-Regular.ttf"), 40)
    for place, line in enumerate((title, "（示例材料，虚构）", *lines)):
        pen.text((120, 140 + 90 * place), line, fill=(40, 40, 40), font=font)
    return _jpeg(picture)


def _jpeg(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=92)
    return stream.getvalue()
