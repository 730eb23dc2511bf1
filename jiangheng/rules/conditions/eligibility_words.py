"""How a condition stands, in a sentence a candidate can read: what is there, what is needed (三（一）)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jiangheng.rules import codes
from jiangheng.rules.words import gettext_noop as N_

MET, NOT_MET = "met", "not_met"

LEVELS = {int(code): label for code, label in codes.choices("level")}
GRADES = {"junior": N_("初级职称"), "middle": N_("中级职称"), "senior": N_("高级职称")}
KINDS = {"pre-technician": N_("预备技师"), "skill": N_("职业技能等级"), "vocational": N_("职业资格")}
SCHOOLS = {
    "technical_school": N_("技工学校"),
    "senior_technical_school": N_("高级技工学校"),
    "technician_college": N_("技师学院"),
    "pre_technician_class": N_("技师学院预备技师班"),
    "secondary_vocational": N_("中等职业学校"),
    "higher_vocational": N_("高等职业学校"),
    "college": N_("大学专科"),
    "bachelor": N_("大学本科"),
    "master": N_("硕士研究生"),
}
EVIDENCE = {
    "work_years": N_("工作年限证明（单位盖章，可附社保缴费记录）"),
    "certificate": N_("原职业资格或技能等级证书"),
    "education": N_("毕业证书，或在校证明、学籍备案表"),
    "title": N_("职称证书"),
    "training": N_("本级正规培训结业证书（写明学时）"),
    "apprenticeship": N_("学徒期满证明（单位盖章）"),
}
HELPS = {
    "working": "work_years", "cum": "work_years", "after": "work_years", "after_title": "work_years",
    "consecutive": "work_years", "cert": "certificate", "cert_held": "certificate", "title": "title",
    "edu": "education", "training": "training", "apprentice": "apprenticeship",
}  # read as a table  # fmt: skip
"""Which evidence speaks to which condition; age is read off the identity card."""

YEARS = {
    "cum": (
        N_("累计工作已满 %(years)s 年 %(months)s 个月，需满 %(needed)s 年"),
        N_("未填写工作经历；累计工作需满 %(needed)s 年"),
    ),
    "consecutive": (
        N_("连续工作最长已满 %(years)s 年 %(months)s 个月，需满 %(needed)s 年"),
        N_("未填写工作经历或发证日期；连续工作需满 %(needed)s 年"),
    ),
    "after": (
        N_("取得证书后工作已满 %(years)s 年 %(months)s 个月，需满 %(needed)s 年"),
        N_("未填写原证书、发证日期或工作经历；取得证书后工作需满 %(needed)s 年"),
    ),
    "after_title": (
        N_("取得职称后工作已满 %(years)s 年 %(months)s 个月，需满 %(needed)s 年"),
        N_("职称、取得日期、专业对应关系或工作经历待核实；取得职称后工作需满 %(needed)s 年"),
    ),
    "cert_held": (
        N_("持证已满 %(years)s 年 %(months)s 个月，需满 %(needed)s 年"),
        N_("未填写原证书或发证日期；持证需满 %(needed)s 年"),
    ),
}
EDUCATION = {
    "major": (N_("%(school)s：所学专业不是本专业或相关专业"), N_("%(school)s：所学专业是否为本专业或相关专业，待核实")),
    "evaluated": (
        N_("%(school)s：所学专业未列入经评估论证的名单"),
        N_("%(school)s：所学专业是否经评估论证，待核实"),
    ),
    "standing": (N_("%(school)s：是否在读或已毕业，未填写"), N_("%(school)s：是否在读或已毕业，未填写")),
    "final_year": (
        N_("%(school)s：在校但距毕业尚早，还不是应届毕业生"),
        N_("%(school)s：是否应届毕业生待核实，请填写毕业或预计毕业时间"),
    ),
    "no_diploma": (N_("%(school)s：尚未取得毕业证书"), N_("%(school)s：毕业证书待核实")),
    "no_student": (N_("%(school)s：不是在校学生"), N_("%(school)s：是否在校，待核实")),
}


def sentence(
    condition: str, state: str, detail: Mapping[str, Any], translate: Callable[[str], str] = lambda text: text
) -> str:
    """One sentence, without a full stop, on how a condition of the engine stands."""
    message, params = said(condition, state, detail)
    places = {name: translate(value) if isinstance(value, str) else value for name, value in params.items()}
    return translate(message) % places


def said(condition: str, state: str, detail: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The sentence's source and its places, strings among them to be translated."""
    needed = detail.get("needed", "")
    if condition in YEARS:
        known, unknown = YEARS[condition]
        if "have_months" not in detail or state not in (MET, NOT_MET):
            return unknown, {"needed": needed}
        years, months = divmod(int(detail["have_months"]), 12)
        return known, {"needed": needed, "years": years, "months": months}
    if condition in ("min_age", "training"):
        return _count(condition, detail)
    if condition == "cert":
        return _certificate(state, detail)
    if condition == "title":
        return _title(state, detail)
    if condition == "edu":
        return _education(state, detail)
    return PLAIN[condition][_place(state)], {}


PLAIN = {
    "working": (
        N_("正在或曾经从事本职业或相关职业工作"),
        N_("没有从事本职业或相关职业工作的经历"),
        N_("未填写工作经历"),
    ),
    "apprentice": (N_("学徒期已满"), N_("学徒期未满"), N_("未填写学徒期是否已满")),
}


def _place(state: str) -> int:
    return 0 if state == MET else 1 if state == NOT_MET else 2


def _count(condition: str, detail: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    known, unknown = {
        "min_age": (
            N_("已满 %(have)s 周岁，需满 %(needed)s 周岁"),
            N_("未填写出生日期；需满 %(needed)s 周岁"),
        ),
        "training": (
            N_("本级正规培训 %(have)s 学时，需达 %(needed)s 学时"),
            N_("未填写本级正规培训学时；需达 %(needed)s 学时"),
        ),
    }[condition]
    return (known if "have" in detail else unknown), {"needed": detail.get("needed", ""), "have": detail.get("have")}


def _certificate(state: str, detail: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    # Judgements stored before kinds had a place of their own wrote the kind where the level stands.
    needed = detail.get("needed", "")
    kind = detail.get("kind") or (needed if needed in KINDS else "")
    wanted = KINDS[kind] if kind else LEVELS.get(int(needed), "") if str(needed).isdigit() else ""
    if state == NOT_MET and detail.get("have") in LEVELS:
        return N_("所持证书为%(held)s，需%(wanted)s证书"), {"held": LEVELS[int(detail["have"])], "wanted": wanted}
    if state == NOT_MET and detail.get("other"):
        return N_(
            "未取得%(wanted)s证书：所持证书的职业“%(other)s”不在本职业和相关职业之列；如系本职业的原名称或原编码，出示更名依据、列入职业目录后即可认定"
        ), {"wanted": wanted, "other": detail["other"]}
    if state not in (MET, NOT_MET) and detail.get("open") == "issued":
        return N_("未填写原证书的发证日期；需%(wanted)s证书"), {"wanted": wanted}
    return (
        N_("已取得%(wanted)s证书"),
        N_("未取得%(wanted)s证书"),
        N_("未填写原证书；需%(wanted)s证书"),
    )[_place(state)], {"wanted": wanted}


def _title(state: str, detail: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    grade = GRADES.get(str(detail.get("needed", "")), "")
    if detail.get("open") == "matching":
        return N_("%(grade)s与本职业的专业对应关系待核实"), {"grade": grade}
    return (
        N_("已取得符合专业对应关系的%(grade)s"),
        N_("未取得符合专业对应关系的%(grade)s"),
        N_("未填写职称；需%(grade)s"),
    )[_place(state)], {"grade": grade}


def _education(state: str, detail: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    school = SCHOOLS.get(str(detail.get("kind", "")), "")
    if state == MET and school:
        return (N_("%(school)s在校学生") if detail.get("student") else N_("%(school)s毕业")), {"school": school}
    pair = EDUCATION.get(str(detail.get("open", "")))
    if pair and school:
        return pair[0 if state == NOT_MET else 1], {"school": school}
    return (N_("学历和专业符合"), N_("没有本条要求的学历"), N_("未填写学历"))[_place(state)], {}
