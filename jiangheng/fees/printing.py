"""Receipts and sponsors' bills as PDF (三（七）), set from typst/receipt.typ and typst/bill.typ."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from jiangheng.fees import queries
from jiangheng.fees.models import Allocation, Receipt
from jiangheng.files.printing import render
from jiangheng.rules import codes
from jiangheng.rules.days.local_time import local_moment
from jiangheng.rules.fees.money import yuan

FOLDER = Path(__file__).parent / "typst"
DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")


def receipt_pdf(receipt: Receipt, allocations: Iterable[Allocation], watermark: str = "") -> bytes:
    """The receipt of one payment: a line per item and price document."""
    payment = receipt.payment
    lines: dict[tuple[str, str], tuple[set[int], int]] = {}
    label = ""
    for row in allocations:
        people, fen = lines.get((row.charge.item, row.charge.document), (set(), 0))
        lines[row.charge.item, row.charge.document] = (people | {row.charge.application_id}, fen + row.amount_fen)
        label = label or row.charge.label
    rest = payment.amount_fen - sum(fen for _people, fen in lines.values())
    day = payment.paid_on
    data = {
        "watermark": watermark,
        "receipts": [
            {
                "number": receipt.number,
                "paid_on": f"{day.year}年{day.month}月{day.day}日",
                "payer": payment.payer_name,
                "body": payment.body.name,
                "method": _word("pay_method", payment.method),
                "reference": payment.reference,
                "lines": [
                    {"item": _word("fee_item", item), "basis": document, "count": str(len(people)), "amount": yuan(fen)}
                    for (item, document), (people, fen) in sorted(lines.items())
                ]
                + ([{"item": "多缴款项（待退）", "basis": "", "count": "", "amount": yuan(rest)}] if rest else []),
                "total": yuan(payment.amount_fen),
                "total_words": in_words(payment.amount_fen),
                "label": label,
                "qr": "",
            }
        ],
    }
    return render(FOLDER / "receipt.typ", data, made_at=receipt.created_at)


def bill_pdf(bill: Any, now: datetime) -> bytes:
    """A sponsor's bill as it stands ``now``: sums by item and document, what was paid, and everybody on it.

    ``bill`` as ``queries.bill`` gives it; the lines sum to its ``charged``, and so do the people.
    """
    lines = queries.lines_of_bill(bill.pk)
    data = {
        "watermark": "作废" if bill.state == "void" else "",
        "number": bill.number,
        "made_at": local_moment(now).strftime("%Y-%m-%d %H:%M"),
        "payer": bill.payer_organisation.name,
        "body": bill.body.name,
        "plan": f"{bill.plan.number} {bill.plan.title}",
        "exam_on": bill.plan.exam_on.isoformat(),
        "lines": [
            {
                "what": f"{each['application__occupation_name']} {codes.level_name(each['application__level'])}",
                "item": _word("fee_item", each["item"]),
                "payee": _word("fee_payee", each["payee"]),
                "basis": each["document"],
                "price": yuan(each["amount_fen"]),
                "count": str(each["people"]),
                "amount": yuan(each["fen"]),
            }
            for each in lines
        ],
        "charged": yuan(bill.charged),
        "paid": yuan(bill.paid),
        "owed": yuan(bill.owed),
        "owed_words": in_words(bill.owed),
        "people": [
            {"number": each["application__number"], "name": each["application__name"], "amount": yuan(each["fen"])}
            for each in queries.people_of_bill(bill.pk)
            if each["fen"]
        ],
        "label": next((each["label"] for each in lines if each["label"]), ""),
    }
    return render(FOLDER / "bill.typ", data, made_at=now)


def _word(table: str, code: str) -> str:
    found = {each.code: each.label for each in codes.table(table)}
    return found.get(code, code)


def marked(receipt: Receipt, copy: int) -> str:
    """The words over the page: none on the original (the first print), 补打 with its count, 作废, or 电子查阅件."""
    if hasattr(receipt, "voided"):
        return "作废"
    if copy == 0:
        return "电子查阅件"
    return "" if copy == 1 else f"补打（第{copy - 1}次）"


def in_words(fen: int) -> str:
    """An amount in capital numerals: 13005 fen is 壹佰叁拾元零伍分."""
    whole, jiao, part = fen // 100, fen // 10 % 10, fen % 10
    text = f"{_whole(whole)}元" if whole else ""
    if not jiao and not part:
        return (text or "零元") + "整"
    if jiao:
        text += DIGITS[jiao] + "角"
    elif text:
        text += "零"
    return text + (DIGITS[part] + "分" if part else "整")


def _whole(number: int) -> str:
    text, gap = "", False
    for group in reversed(range(3)):
        part = number // 10_000**group % 10_000
        if part == 0:
            gap = bool(text)
            continue
        if text and (gap or part < 1000):
            text += DIGITS[0]
        text += _four(part) + GROUPS[group]
        gap = False
    return text


def _four(part: int) -> str:
    text, gap = "", False
    for place in reversed(range(4)):
        digit = part // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += (DIGITS[0] if gap else "") + DIGITS[digit] + UNITS[place]
        gap = False
    return text


def bill_name(number: str) -> str:
    """The file name of a bill."""
    return _("付款通知单 %(number)s.pdf") % {"number": number}


def download_name(receipt: Receipt) -> str:
    """The file name a browser is offered."""
    return _("收据 %(number)s.pdf") % {"number": receipt.number}
