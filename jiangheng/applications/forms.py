"""Shapes of what is typed: the form of 附件4, the self-check, a clerk's entry, a roster, a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiangheng.applications import fields
from jiangheng.applications.months import month
from jiangheng.rules import codes
from jiangheng.rules.applications import review
from jiangheng.rules.conditions import experience
from jiangheng.rules.conditions.claims import CLASSES
from jiangheng.rules.conditions.experience import Spell
from jiangheng.rules.conditions.routes import Route
from jiangheng.rules.examination import access_arrangements
from jiangheng.rules.readers import certificate_numbers, names, phones
from jiangheng.rules.roster import KINDS, RowFault
from jiangheng.screens.display import word
from jiangheng.screens.forms import offer
from jiangheng.screens.typed import DayField, ReadField

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
    "delivery": "证书领取方式", "mail_to": "邮寄地址", "household_kind": "户口性质", "school": "学校",
    "study_state": "毕业或在读", "school_class": "就读班级", "studies": "学习经历", "apprentice_from": "学徒开始",
    "apprentice_to": "学徒结束", "training_school": "培训机构", "training_hours": "培训学时",
    "held_issuer": "原证书发证单位",
}  # read as a table  # fmt: skip
"""Names of the page's fields and the columns of 附件4 they fill."""


def labels(table: str) -> list[tuple[str, Any]]:
    """The values of a code table by their labels, with a blank one first: blank means "not answered"."""
    return [UNANSWERED, *((code.label, code.label) for code in codes.table(table))]


def answers() -> list[tuple[str, Any]]:
    """Yes, no, or not answered."""
    return [UNANSWERED, ("是", _("是")), ("否", _("否"))]


TITLES = [UNANSWERED, ("无", _("无")), ("初级", _("初级")), ("中级", _("中级")), ("高级", _("高级"))]
SCHOOL_CLASSES = [UNANSWERED, ("中级工班", _("中级工班")), *((name, _(name)) for name in CLASSES)]
STUDY_STATES = [UNANSWERED, ("毕业", _("毕业")), ("在读", _("在读（应届）")), ("肄业", _("肄业"))]


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


def _date(label: Any, help_text: Any = "") -> DayField:
    return DayField(label=label, required=False, help_text=help_text)


class ApplicationForm(forms.Form):
    """附件4 as pages; nothing is required until it is handed in, so that a draft can always be kept.

    ``part`` keeps to the fields of one page; without it the whole form.
    """

    phone = ReadField(
        label=_("手机号码"),
        reader=phones.read,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = _text(_("电子邮箱"), 120, inputmode="email", autocomplete="email")
    ethnicity = _choice(_("民族"), labels("ethnicity"))
    political = _choice(_("政治面貌"), labels("political"))
    household = _text(_("户籍所在地"), 100)
    household_kind = _choice(_("户口性质"), labels("household"))
    province = _choice(_("所在省（市）区"), labels("province"))
    address = _text(_("通讯地址"), 200, autocomplete="street-address")
    postcode = _text(_("邮政编码"), 10, inputmode="numeric")
    source = _choice(_("考生来源"), labels("candidate_source"))
    unit = _text(_("所在单位"), 120, _("在校学生填写学校全称；无单位的不填。"))
    education = _choice(_("文化程度"), labels("education"))
    school = _text(_("毕业或就读学校"), 100)
    major = _text(_("所学专业"), 100)
    major_related = _choice(_("专业与申报职业对应"), answers(), _("不确定的不选，由认定机构核对。"))
    study_state = _choice(_("毕业或在读"), STUDY_STATES)
    school_class = _choice(_("技工院校就读班级"), SCHOOL_CLASSES, _("读过技校、高级技校或技师学院的填写。"))
    graduated_on = _date(_("毕业时间"), _("在读的填预计毕业时间。"))
    diploma = _text(_("学历证书编号"), 60)
    studies = forms.CharField(
        label=_("学习经历"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("从初中起，每行一段，如：2008-09至2011-07 某某技工学校 电气自动化"),
    )
    began_on = _date(_("参加工作时间"))
    years = _text(_("从事本职业或相关职业年限（年）"), 6, _("填写整年数，如 5；从未从事填 0。"), inputmode="decimal")
    experience = forms.CharField(
        label=_("其他经历"),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("上面填不下的经历写在这里，每行一段。"),
    )
    apprentice = _choice(_("是否学徒期满"), answers())
    apprentice_from = _date(_("学徒开始日期"))
    apprentice_to = _date(_("学徒结束日期"))
    training_school = _text(_("培训机构"), 100, _("参加过本等级正规培训的填写。"))
    training_hours = _text(_("培训学时"), 6, inputmode="numeric")
    held = _choice(_("是否已有职业资格（技能等级）证书"), answers())
    held_level = _choice(_("原证书等级"), labels("level"))
    held_number = ReadField(
        label=_("原证书编号"),
        reader=certificate_numbers.read,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters"}),
    )
    held_occupation = _text(_("原证书职业（工种）"), 60)
    held_issuer = _text(_("原证书发证单位"), 100)
    held_on = _date(_("原证书发证日期"))
    title = _choice(_("现有职称"), TITLES)
    title_on = _date(_("职称取得日期"))
    title_matching = _choice(_("职称专业与申报职业对应"), answers())
    route = forms.ChoiceField(label=_("申报条件"), required=False, widget=forms.RadioSelect)
    recognition = _choice(_("认定分类"), labels("recognition_kind"))
    delivery = _choice(_("证书领取方式"), labels("delivery"))
    mail_to = _text(_("邮寄地址"), 200)

    def __init__(self, *args: Any, routes: Iterable[Route] = (), part: str = "", **given: Any) -> None:
        super().__init__(*args, **given)
        self.part = part
        offer(self, "route", [(route.id, f"{route.id}　{route.text}") for route in routes])
        if not part or part == "work":
            for place in range(1, experience.MOST + 1):
                self.fields.update(_spell_fields(place))
        if part:
            wanted = {name for _heading, names, _more in GROUPS[part] for name in names}
            for name in set(self.fields) - wanted:
                del self.fields[name]
        self._mark(required=True)

    def full_clean(self) -> None:
        """Blank is allowed in a draft, though the page marks what handing in will ask for."""
        self._mark(required=False)
        super().full_clean()
        self._mark(required=True)

    def _mark(self, *, required: bool) -> None:
        for name, column in COLUMNS.items():
            if column in fields.REQUIRED and name in self.fields:
                self.fields[name].required = required

    def clean(self) -> dict[str, Any]:
        """A spell must have a beginning and a workplace, and end after it began."""
        given: dict[str, Any] = super().clean() or {}
        for place in range(1, experience.MOST + 1):
            if f"job{place}_from" not in self.fields:
                break
            begun, ended = given.get(f"job{place}_from"), given.get(f"job{place}_to")
            unit = given.get(f"job{place}_unit")
            if (unit or ended or given.get(f"job{place}_post")) and not begun and f"job{place}_from" not in self.errors:
                self.add_error(f"job{place}_from", _t("请填写开始年月。"))
            if begun and ended and ended < begun:
                self.add_error(f"job{place}_to", _t("结束年月早于开始年月，请核对。"))
        return given

    def values(self) -> dict[str, str]:
        """What was typed, by the columns of 附件4; only those this page has, of those at fault only numbers half typed."""
        given = {}
        for name, column in COLUMNS.items():
            if name in self.fields and name not in self.errors:
                value = self.cleaned_data.get(name)
                given[column] = value.isoformat() if isinstance(value, date) else str(value or "")
            elif name in self.errors and type(self.fields[name]) is ReadField:
                # A draft keeps a number half typed; going on to the next page asks for it whole.
                given[column] = str(self.data.get(self.add_prefix(name), "")).strip()
        if "job1_from" in self.fields and not any(name.startswith("job") for name in self.errors):
            given["简要经历"] = experience.write(self._spells(), given.get("简要经历", ""))
        else:
            given.pop("简要经历", None)
        return given

    def _spells(self) -> list[Spell]:
        given = self.cleaned_data
        return [
            experience.Spell(
                given[f"job{place}_from"],
                given[f"job{place}_to"],
                given[f"job{place}_unit"],
                given[f"job{place}_post"],
                given[f"job{place}_witness"],
            )
            for place in range(1, experience.MOST + 1)
            if given.get(f"job{place}_from")
        ]

    def tell(self, faults: Iterable[RowFault]) -> None:
        """Show faults of columns at their fields, where this page has them."""
        names = {column: name for name, column in COLUMNS.items()}
        for fault in faults:
            if names.get(fault.column) in self.fields:
                self.add_error(names[fault.column], fault.sentence(_t))


def _spell_fields(place: int) -> dict[str, forms.Field]:
    return {
        f"job{place}_from": month(_("开始年月")),
        f"job{place}_to": month(_("结束年月"), _("仍在职的不填。")),
        f"job{place}_unit": _text(_("工作单位"), 60),
        f"job{place}_post": _text(_("岗位或职业"), 30),
        f"job{place}_witness": _text(_("证明人"), 20),
    }


def initial(form: Mapping[str, Any]) -> dict[str, Any]:
    """A kept form as the page's fields."""
    given = {name: form.get(column, "") for name, column in COLUMNS.items()}
    spells, given["experience"] = experience.read(str(form.get("简要经历", "")))
    for place, spell in enumerate(spells, start=1):
        given |= {
            f"job{place}_from": spell.start,
            f"job{place}_to": spell.to,
            f"job{place}_unit": "" if spell.unit == experience.NO_UNIT else spell.unit,
            f"job{place}_post": spell.post,
            f"job{place}_witness": spell.witness,
        }
    return given


PARTS: tuple[tuple[str, Any], ...] = (
    ("person", _("个人情况")),
    ("study", _("学历")),
    ("work", _("工作经历")),
    ("held", _("证书和职称")),
    ("route", _("申报条件")),
    ("proofs", _("照片和材料")),
)
"""The pages of the form in their order; the last one, checking and handing in, is the form's own address."""

GROUPS: dict[str, tuple[tuple[Any, tuple[str, ...], bool], ...]] = {
    "person": (
        (_("联系方式"), ("phone", "province", "address", "email", "postcode"), False),
        (_("基本情况"), ("ethnicity", "source", "unit", "political", "household_kind", "household"), False),
    ),
    "study": (
        (_("最高学历"), ("education", "school", "major", "major_related", "study_state", "school_class",
                     "graduated_on", "diploma"), False),
        (_("学习经历"), ("studies",), False),
    ),
    "work": (
        (_("年限"), ("began_on", "years"), False),
        *(
            (format_lazy(_("第 {place} 段工作"), place=place),
             tuple(f"job{place}_{what}" for what in ("from", "to", "unit", "post", "witness")), place > 1)
            for place in range(1, experience.MOST + 1)
        ),
        (_("其他经历"), ("experience",), True),
        (_("学徒和培训经历"), ("apprentice", "apprentice_from", "apprentice_to", "training_school", "training_hours"), True),
    ),
    "held": (
        (_("原有证书"), ("held", "held_level", "held_number", "held_occupation", "held_issuer", "held_on"), False),
        (_("职称"), ("title", "title_on", "title_matching"), False),
    ),
    "route": (
        (_("认定和领证"), ("recognition", "delivery", "mail_to"), False),
        ("", ("route",), False),
    ),
    "proofs": (),
}  # read as a table  # fmt: skip
"""Groups of each page: heading, names of fields, whether it is folded away until something is in it."""


def part_of(column: str) -> str:
    """The page a column of 附件4 is filled in on."""
    name = next((name for name, each in COLUMNS.items() if each == column), "")
    if name == "experience":
        return "work"
    return next((part for part, groups in GROUPS.items() if any(name in names for _h, names, _m in groups)), "person")


class ClaimForm(forms.Form):
    """A person as a clerk reads them off the document."""

    kind = forms.ChoiceField(
        label=_("证件类型"), choices=[(code.label, code.label) for code in codes.table("document_kind")]
    )
    number = forms.CharField(
        label=_("证件号码"), max_length=None, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    name = ReadField(label=_("姓名"), reader=names.read)
    target = forms.ChoiceField(label=_("报名批次"))

    def __init__(self, *args: Any, targets: Iterable[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        offer(self, "target", targets)


ROSTER_MODES = (
    ("add", _("内容相同的不变，不同的提示")),
    ("cover", _("按本次内容覆盖（已受理的除外）")),
    ("skip", _("跳过不变")),
)


class RosterForm(forms.Form):
    """A roster, what it is for, and what to do with people already there."""

    target = forms.ChoiceField(label=_("报名批次"))
    file = forms.FileField(label=_("花名册"), help_text=_("xlsx、xls 或 csv；请使用下载的模板，不要增删或改动表头。"))
    photos = forms.FileField(
        label=_("考生照片"),
        required=False,
        help_text=_(
            "zip 压缩包，内为以证件号码命名的 JPG 或 PNG 证件照，也可在导入后另行上传；花名册行内的照片会一并读取。"
        ),
    )
    mode = forms.ChoiceField(
        label=_("已在本批次中的考生"),
        choices=ROSTER_MODES,
        initial="add",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, targets: Iterable[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        offer(self, "target", targets)


class PhotosForm(forms.Form):
    """An archive of photos for a roster's batch."""

    file = forms.FileField(
        label=_("照片压缩包"), help_text=_("zip 格式，内为以证件号码命名的 JPG 或 PNG 证件照，如“证件号码.jpg”。")
    )


class FaultFilter(forms.Form):
    """Which of a roster's faults to list."""

    severity = forms.ChoiceField(
        label=_("轻重"), required=False, choices=[("", _("全部")), ("error", _("错误")), ("warning", _("提醒"))]
    )
    code = forms.ChoiceField(label=_("种类"), required=False)
    column = forms.ChoiceField(label=_("列"), required=False)
    row = forms.IntegerField(label=_("行"), required=False, min_value=0, max_value=10_000_000)

    def __init__(self, *args: Any, faults: Iterable[Mapping[str, Any]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        faults = list(faults)
        codes = dict.fromkeys(str(each["code"]) for each in faults)
        columns = dict.fromkeys(str(each["column"]) for each in faults if each["column"])
        every = [("", _("全部"))]
        offer(self, "code", every + [(code, _t(KINDS[code].title) if code in KINDS else code) for code in codes])
        offer(self, "column", every + [(column, column) for column in columns])


class ReasonsForm(forms.Form):
    """Reasons from the list; words come beside them."""

    reasons = forms.MultipleChoiceField(label=_("原因"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, kind: str = "return", **given: Any) -> None:
        super().__init__(*args, **given)
        offer(self, "reasons", [(each.id, each.text) for each in review.reasons(kind)])


class LevelsForm(forms.Form):
    """How many persons look at each application, from which day on."""

    levels = forms.ChoiceField(
        label=_("审核级数"),
        choices=[("1", _("一级：一人审核即可受理")), ("2", _("两级：一人初审，另一人复核受理"))],
        widget=forms.RadioSelect,
    )
    valid_from = DayField(label=_("自何日起"))


class CorrectionForm(forms.Form):
    """The columns of a reported candidate as they stand, and why some are put right."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写明原来错在哪里、依据什么材料更正；市鉴定中心会看到。"),
    )

    def __init__(self, *args: Any, columns: Iterable[str], given: Mapping[str, Any], **more: Any) -> None:
        super().__init__(*args, **more)
        self.columns = {f"c{place}": column for place, column in enumerate(columns)}
        self.given = {name: str(given.get(column) or "") for name, column in self.columns.items()}
        for name, column in self.columns.items():
            self.fields[name] = forms.CharField(
                label=_t(column), max_length=2000, required=False, initial=self.given[name]
            )

    @property
    def column_names(self) -> list[str]:
        """The fields that stand for columns."""
        return list(self.columns)

    def changed(self) -> dict[str, str]:
        """The columns typed anew."""
        return {
            column: self.cleaned_data[name]
            for name, column in self.columns.items()
            if self.cleaned_data[name] != self.given[name].strip()
        }


class AccessArrangementForm(forms.Form):
    """What a candidate needs in the examination, and why."""

    kinds = forms.MultipleChoiceField(
        label=_("需要的安排"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(kind, word(label)) for kind, label in access_arrangements.KINDS.items()],
    )
    reason = forms.CharField(
        label=_("原因"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明使用的辅助器具或困难所在。只有认定机构和市鉴定中心能看到，本场考务人员只看到安排的结果。"),
    )
    file = forms.FileField(
        label=_("证明材料"), required=False, help_text=_("残疾人证、诊断证明等的照片或 PDF；纸质材料可交认定机构核验。")
    )


class RevealForm(forms.Form):
    """Why a full number is looked at."""

    reason = forms.CharField(label=_("查看用途"), max_length=200)
