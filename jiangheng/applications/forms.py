"""Shapes of what is typed: the form of 附件4, the self-check, a clerk's entry, a roster, a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiangheng.applications import fields
from jiangheng.rules import codes, review
from jiangheng.rules.roster import RowFault
from jiangheng.rules.routes import Route

UNANSWERED = ("", _("请选择"))

COLUMNS = {
    "phone": "手机号码", "email": "电子邮箱", "ethnicity": "民族", "political": "政治面貌", "household": "户籍所在地",
    "province": "所在省（市）区", "source": "考生来源", "unit": "所在单位", "address": "通讯地址",
    "postcode": "邮政编码",
    "education": "文化程度", "major": "专业", "diploma": "学历证书编号", "graduated_on": "毕业时间",
    "major_related": "专业对应", "began_on": "参加工作时间", "years": "专业年限", "experience": "简要经历",
    "held": "是否有职业资格证书", "held_level": "证书等级", "held_number": "证书编号",
    "held_occupation": "原职业(工种)", "held_on": "原证书发证日期", "title": "现职称", "title_on": "职称取得日期",
    "title_matching": "职称专业对应", "apprentice": "学徒期满", "route": "申报条件", "recognition": "认定分类",
    "delivery": "证书领取方式", "mail_to": "邮寄地址",
}  # fmt: skip
"""Names of the page's fields and the columns of 附件4 they fill."""


def labels(table: str) -> list[tuple[str, Any]]:
    """The values of a code table by their labels, with a blank one first: blank means "not answered"."""
    return [UNANSWERED, *((code.label, code.label) for code in codes.table(table))]


def answers() -> list[tuple[str, Any]]:
    """Yes, no, or not answered."""
    return [UNANSWERED, ("是", _("是")), ("否", _("否"))]


def _choice(label: Any, choices: Iterable[tuple[str, Any]], help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices), required=False, help_text=help_text)


def _text(label: Any, longest: int = 200, help_text: Any = "", **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs=attributes),
    )


def _date(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ApplicationForm(forms.Form):
    """附件4 as a page; nothing is required until it is handed in, so that a draft can always be kept."""

    phone = _text(_("手机号码"), 20, inputmode="tel", autocomplete="tel")
    email = _text(_("电子邮箱"), 120, inputmode="email", autocomplete="email")
    ethnicity = _choice(_("民族"), labels("ethnicity"))
    political = _choice(_("政治面貌"), labels("political"))
    household = _text(_("户籍所在地"), 100)
    province = _choice(_("所在省（市）区"), labels("province"))
    address = _text(_("通讯地址"), 200, autocomplete="street-address")
    postcode = _text(_("邮政编码"), 10, inputmode="numeric")
    source = _choice(_("考生来源"), labels("candidate_source"))
    unit = _text(_("所在单位"), 120, _("在校学生填写学校全称；无单位的不填。"))
    education = _choice(_("文化程度"), labels("education"))
    major = _text(_("所学专业"), 100)
    major_related = _choice(_("专业与申报职业对应"), answers(), _("不确定的不选，由认定机构核对。"))
    diploma = _text(_("学历证书编号"), 60)
    graduated_on = _date(_("毕业时间"))
    began_on = _date(_("参加工作时间"))
    years = _text(_("从事本职业或相关职业年限（年）"), 6, _("填写整年数，如 5；从未从事填 0。"), inputmode="decimal")
    experience = forms.CharField(
        label=_("工作经历"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一段，如：2018-03至今 某某公司 电工"),
    )
    held = _choice(_("是否已有职业资格（技能等级）证书"), answers())
    held_level = _choice(_("原证书等级"), labels("level"))
    held_number = _text(_("原证书编号"), 40, autocapitalize="characters")
    held_occupation = _text(_("原证书职业（工种）"), 60)
    held_on = _date(_("原证书发证日期"))
    title = _choice(
        _("现有职称"), [UNANSWERED, ("无", _("无")), ("初级", _("初级")), ("中级", _("中级")), ("高级", _("高级"))]
    )
    title_on = _date(_("职称取得日期"))
    title_matching = _choice(_("职称专业与申报职业对应"), answers())
    apprentice = _choice(_("是否学徒期满"), answers())
    route = forms.ChoiceField(label=_("申报条件"), required=False, widget=forms.RadioSelect)
    recognition = _choice(_("认定分类"), labels("recognition_kind"))
    delivery = _choice(_("证书领取方式"), labels("delivery"))
    mail_to = _text(_("邮寄地址"), 200)
    committed = forms.BooleanField(
        label=_(
            "我已阅读并承诺：所填内容和所交材料真实有效，自愿参加认定；如有虚假，愿承担取消资格、成绩和证书的后果。"
        ),
        required=False,
    )

    def __init__(self, *args: Any, routes: Iterable[Route] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["route"].choices = [(route.id, f"{route.id}　{route.text}") for route in routes]  # type: ignore[attr-defined]
        self._mark(required=True)

    def full_clean(self) -> None:
        """Blank is allowed in a draft, though the page marks what handing in will ask for."""
        self._mark(required=False)
        super().full_clean()
        self._mark(required=True)

    def _mark(self, *, required: bool) -> None:
        for name, column in COLUMNS.items():
            if column in fields.REQUIRED:
                self.fields[name].required = required

    def values(self) -> dict[str, str]:
        """What was typed, by the columns of 附件4."""
        given = {}
        for name, column in COLUMNS.items():
            value = self.cleaned_data.get(name)
            given[column] = value.isoformat() if isinstance(value, date) else str(value or "")
        return given

    def tell(self, faults: Iterable[RowFault]) -> None:
        """Show faults of columns at their fields."""
        names = {column: name for name, column in COLUMNS.items()}
        for fault in faults:
            self.add_error(names.get(fault.column), fault.sentence(_t))


def initial(form: Mapping[str, Any]) -> dict[str, Any]:
    """A kept form as the page's fields."""
    return {name: form.get(column, "") for name, column in COLUMNS.items()}


SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("联系方式"), ("phone", "email", "province", "address", "postcode")),
    (_("个人情况"), ("ethnicity", "political", "household", "source", "unit")),
    (_("学历"), ("education", "major", "major_related", "diploma", "graduated_on")),
    (_("工作"), ("began_on", "years", "experience")),
    (_("原有证书和职称"), ("held", "held_level", "held_number", "held_occupation", "held_on", "title", "title_on",
                     "title_matching", "apprentice")),
    (_("申报"), ("route", "recognition", "delivery", "mail_to")),
)  # fmt: skip


class CheckForm(forms.Form):
    """The self-check: everything but occupation and level may stay unanswered."""

    occupation = forms.ChoiceField(label=_("职业"))
    level = forms.ChoiceField(
        label=_("申报等级"), choices=[(str(level), codes.level_name(level)) for level in (5, 4, 3, 2, 1)]
    )
    born = _date(_("出生日期"))
    years = forms.DecimalField(
        label=_("从事本职业或相关职业年限（年）"),
        required=False,
        min_value=0,
        max_value=60,
        max_digits=4,
        decimal_places=1,
    )
    held = _choice(_("是否已有本职业或相关职业证书"), answers())
    held_level = _choice(_("原证书等级"), labels("level"))
    held_on = _date(_("原证书发证日期"))
    education = _choice(_("文化程度"), labels("education"))
    student = _choice(_("目前是否在校学生"), answers())
    graduated_on = _date(_("毕业时间"))
    major_related = _choice(_("专业与申报职业对应"), answers())
    title = _choice(
        _("现有职称"), [UNANSWERED, ("无", _("无")), ("初级", _("初级")), ("中级", _("中级")), ("高级", _("高级"))]
    )
    title_on = _date(_("职称取得日期"))
    apprentice = _choice(_("是否学徒期满"), answers())

    def __init__(self, *args: Any, occupations: Iterable[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["occupation"].choices = list(occupations)  # type: ignore[attr-defined]

    def values(self) -> dict[str, str]:
        """The answers by the columns of 附件4."""
        given = {
            name: value.isoformat() if isinstance(value, date) else str(value if value is not None else "")
            for name, value in self.cleaned_data.items()
        }
        return {
            "出生日期": given["born"],
            "专业年限": given["years"],
            "是否有职业资格证书": given["held"],
            "证书等级": given["held_level"],
            "原证书发证日期": given["held_on"],
            "文化程度": given["education"],
            "考生来源": "学校(在校生)" if given["student"] == "是" else "",
            "毕业时间": given["graduated_on"],
            "专业对应": given["major_related"],
            "现职称": given["title"],
            "职称取得日期": given["title_on"],
            "职称专业对应": "是" if given["title_on"] else "",
            "学徒期满": given["apprentice"],
        }


class ClaimForm(forms.Form):
    """A person as a clerk reads them off the document."""

    kind = forms.ChoiceField(
        label=_("证件类型"), choices=[(code.label, code.label) for code in codes.table("document_kind")]
    )
    number = forms.CharField(label=_("证件号码"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("姓名"), max_length=60)
    target = forms.ChoiceField(label=_("报名批次"))

    def __init__(self, *args: Any, targets: Iterable[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["target"].choices = list(targets)  # type: ignore[attr-defined]


class RosterForm(forms.Form):
    """A roster, what it is for, and what to do with people already there."""

    target = forms.ChoiceField(label=_("报名批次"))
    file = forms.FileField(label=_("花名册"), help_text=_("xlsx、xls 或 csv；请使用下载的模板，不要增删或改动表头。"))
    mode = forms.ChoiceField(
        label=_("已在本批次中的考生"),
        choices=[
            ("add", _("内容相同的不变，不同的提示")),
            ("cover", _("按本次内容覆盖（已受理的除外）")),
            ("skip", _("跳过不变")),
        ],
        initial="add",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, targets: Iterable[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["target"].choices = list(targets)  # type: ignore[attr-defined]


class ReasonsForm(forms.Form):
    """Reasons from the list; words come beside them."""

    reasons = forms.MultipleChoiceField(label=_("原因"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, kind: str = "return", **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["reasons"].choices = [(each.id, each.text) for each in review.reasons(kind)]  # type: ignore[attr-defined]


class RevealForm(forms.Form):
    """Why a full number is looked at."""

    reason = forms.CharField(label=_("查看用途"), max_length=200)


CHECK_SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("申报"), ("occupation", "level", "born")),
    (_("工作"), ("years", "apprentice")),
    (_("原有证书和职称"), ("held", "held_level", "held_on", "title", "title_on")),
    (_("学历"), ("education", "student", "graduated_on", "major_related")),
)
