"""Shape of input about occupations, standard versions, their subjects and application routes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiangheng.bodies.forms import DayField, table
from jiangheng.rules.conditions import routes
from jiangheng.rules.conditions.overrides import MOST_YEARS
from jiangheng.rules.conditions.standard_versions import CERTIFICATE_KINDS, CONDITION_LABELS, SCHOOLS, TITLES
from jiangheng.screens.display import LEVELS, SUBJECTS
from jiangheng.screens.forms import offer

said = _  # words marked where they stand
LEVEL_CHOICES = [(str(level), name) for level, name in LEVELS.items()]
MOST_TEXT = 12_000
SEPARATORS = str.maketrans("，,；;\t", "\n\n\n\n\n")


class WordsField(forms.CharField):
    """A list of words, one a line; commas and semicolons part them too."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, **given: Any) -> None:
        super().__init__(required=False, max_length=MOST_TEXT, **given)

    def clean(self, value: Any) -> list[str]:
        """The words, each once."""
        text = super().clean(value)
        return list(dict.fromkeys(word.strip() for word in text.translate(SEPARATORS).splitlines() if word.strip()))


class EquipmentField(forms.CharField):
    """Required equipment, one piece a line: 名称，数量，每几人 (0 or left out: a fixed number)."""

    widget = forms.Textarea(attrs={"rows": 2})

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """Each piece as the standard stores it."""
        pieces = []
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            name, *figures = [part.strip() for part in line.replace(",", "，").split("，")]
            if not name or len(figures) > 2 or not all(each.isascii() and each.isdigit() for each in figures):
                raise forms.ValidationError(
                    _("设备请每行写一件：名称，数量，每几人配置（固定数量写0）。"), code="shape"
                )
            quantity, per = [int(each[:5]) for each in (*figures, *("1", "0")[len(figures) :])]
            if not 1 <= quantity <= 9999 or not 0 <= per <= 999:
                raise forms.ValidationError(_("设备数量须为1至9999，每几人配置须为0至999。"), code="range")
            pieces.append({"name": name[:60], "quantity": quantity, "per": per})
        return pieces


class OccupationForm(forms.Form):
    """An occupation of the national catalogue."""

    code = forms.CharField(label=_("职业编码"), max_length=20, help_text=_("如 6-31-01-03。"))
    edition = forms.CharField(label=_("大典版次"), max_length=10, help_text=_("如 2022。"))
    name = forms.CharField(label=_("职业名称"), max_length=60)
    jobs = WordsField(label=_("工种"), help_text=_("每行一个；没有工种的留空。"))
    levels = forms.MultipleChoiceField(label=_("等级"), choices=LEVEL_CHOICES, widget=forms.CheckboxSelectMultiple)
    source = forms.CharField(label=_("依据"), max_length=200, help_text=_("职业分类大典的版次，或公告的名称和文号。"))
    label = forms.CharField(label=_("说明"), max_length=60, required=False, help_text=_("例如“编码与等级未核实”。"))
    replaces_id = forms.TypedChoiceField(
        label=_("由哪个旧编码改编"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("新版大典改了编码或合并了职业时选择。旧编码的证书视为本职业证书。"),
    )

    def __init__(self, *args: Any, others: list[tuple[int, str]], fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "replaces_id", [("", _("没有改编")), *others])
        if fixed:
            del self.fields["code"], self.fields["edition"]


class DraftForm(forms.Form):
    """What a new version begins with; ``owners`` are the employers that filed a 企业评价规范 for the occupation."""

    owner_id = forms.TypedChoiceField(
        label=_("适用范围"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("用人单位备案的企业评价规范只对该单位有效，其他机构看不到、也不能使用。"),
    )
    base = forms.ChoiceField(label=_("底稿"), help_text=_("已发布的版本不再修改；新版本从底稿复制后再调整。"))
    valid_from = DayField(label=_("拟施行日期"), help_text=_("发布时还可以改。"))

    def __init__(
        self, *args: Any, bases: list[tuple[str, Any]], owners: list[tuple[int, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "base", bases)
        if owners:
            offer(self, "owner_id", [("", _("国家职业标准，各认定机构适用")), *owners])
        else:
            del self.fields["owner_id"]


class VersionForm(forms.Form):
    """The head of a draft and its lists."""

    document = forms.CharField(label=_("标准名称和文号"), max_length=120)
    ruleset = forms.ChoiceField(label=_("申报条件模板"), help_text=_("标准照哪一代编制规程写申报条件。"))
    valid_from = DayField(label=_("施行日期"))
    valid_to = DayField(label=_("终止日期"), required=False, help_text=_("一般留空，由后续版本接替。"))
    label = forms.CharField(
        label=_("说明"), max_length=60, required=False, help_text=_("未核对原文的，请在此注明“默认值”。")
    )
    related_occupations = WordsField(label=_("相关职业"), help_text=_("每行一个，写编码或名称，照标准所附名单。"))
    related_majors = WordsField(label=_("本专业和相关专业"), help_text=_("每行一个，照标准所附名单。"))

    def __init__(self, *args: Any, rulesets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "ruleset", rulesets)


class SubjectForm(forms.Form):
    """One subject at one level."""

    level = forms.TypedChoiceField(label=_("等级"), choices=LEVEL_CHOICES, coerce=int)
    subject = forms.ChoiceField(label=_("科目"), choices=list(SUBJECTS.items()))
    method = forms.ChoiceField(label=_("方式"), choices=lambda: table("method"))
    minutes = forms.IntegerField(label=_("时长（分钟）"), min_value=1, max_value=2880)
    ratio = forms.IntegerField(label=_("每名考评员对应考生（人）"), min_value=1, max_value=200, required=False)
    equipment = EquipmentField(label=_("场地设备（名称，数量，每几人）"), required=False, max_length=2000)


class SourceForm(forms.Form):
    """The document an adjustment of the conditions rests on."""

    document = forms.CharField(label=_("依据文件"), max_length=160, help_text=_("标准原文或地方文件的名称和文号。"))
    clause = forms.CharField(label=_("条款"), max_length=60, required=False, help_text=_("例如“1.9.1”“第三条”。"))


def _years(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_YEARS, required=False, help_text=help_text)


def _choices(words: dict[str, str], empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *((name, _(word)) for name, word in words.items())]


class RouteForm(SourceForm):
    """One route: its wording, every condition as a labelled field, the proofs, and where it stands."""

    text = forms.CharField(
        label=_("条文原文"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("考生和审核人员看到的就是这段文字。"),
    )
    min_age = forms.IntegerField(label=_("年龄（周岁）"), min_value=14, max_value=70, required=False)
    working = forms.BooleanField(label=said(CONDITION_LABELS["working"]), required=False)
    cum = _years(_("累计工作年限（年）"))
    consecutive = _years(_("连续工作年限（年）"), _("旧标准写“连续”的填这里。"))
    gap_days = forms.IntegerField(label=_("允许中断天数"), min_value=0, max_value=366, required=False)
    training = forms.IntegerField(label=_("本级培训学时"), min_value=1, max_value=10_000, required=False)
    cert = forms.TypedChoiceField(
        label=said(CONDITION_LABELS["cert"]),
        choices=[("", _("不要求")), *LEVEL_CHOICES],
        coerce=int,
        empty_value=None,
        required=False,
    )
    cert_kind = forms.ChoiceField(
        label=said(CONDITION_LABELS["cert_kind"]), choices=_choices(CERTIFICATE_KINDS, _("不限")), required=False
    )
    after = _years(_("取得证书后的工作年限（年）"), _("填0表示取得证书即可；不要求工作的留空。"))
    cert_held = _years(_("持证年限（年）"))
    title = forms.ChoiceField(
        label=said(CONDITION_LABELS["title"]), choices=_choices(TITLES, _("不要求")), required=False
    )
    after_title = _years(_("取得职称后的工作年限（年）"))
    edu = forms.MultipleChoiceField(
        label=_("认可的学校或学历"),
        choices=[(name, _(word)) for name, word in SCHOOLS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    major = forms.BooleanField(label=_("限本专业或相关专业"), required=False)
    enrolled = forms.BooleanField(label=said(CONDITION_LABELS["enrolled"]), required=False)
    final_year = forms.IntegerField(
        label=said(CONDITION_LABELS["final_year"]),
        min_value=1,
        max_value=24,
        required=False,
        help_text=_("条文写“应届”的填写，例如12；写“在读”的留空。"),
    )
    students = forms.BooleanField(label=said(CONDITION_LABELS["students"]), required=False)
    evaluated = forms.BooleanField(label=said(CONDITION_LABELS["evaluated"]), required=False)
    evaluated_edu = forms.MultipleChoiceField(
        label=said(CONDITION_LABELS["evaluated_edu"]),
        choices=[(name, _(word)) for name, word in SCHOOLS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("只有部分学校须经评估论证的，勾选这些学校。"),
    )
    apprentice = forms.BooleanField(label=said(CONDITION_LABELS["apprentice"]), required=False)
    evidence = forms.MultipleChoiceField(
        label=_("证明材料"),
        choices=lambda: [(name, label) for name, label in evidence_choices()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def route(self, level: int, route_id: str) -> dict[str, Any]:
        """The route as plain data; what was left blank is not asked for."""
        given = {name: value for name, value in self.cleaned_data.items() if name in routes.FIELDS}
        given["gap_days"] = given.get("gap_days") or 0
        kept = {
            name: value for name, value in given.items() if value is not None and value != "" and value is not False
        }
        return {**kept, "level": level, **({"id": route_id} if route_id else {})}


SECTIONS = (
    (_("条文和依据"), ("text", "document", "clause")),
    (_("年龄和工作年限"), ("min_age", "working", "cum", "consecutive", "gap_days", "training", "apprentice")),
    (_("证书和职称"), ("cert", "cert_kind", "after", "cert_held", "title", "after_title")),
    (_("学历"), ("edu", "major", "enrolled", "final_year", "students", "evaluated", "evaluated_edu")),
    (_("证明材料"), ("evidence",)),
)

EVIDENCE_WORDS = {
    "work_years": _("工作年限证明"),
    "certificate": _("原证书"),
    "education": _("学历证明"),
    "title": _("职称证书"),
    "training": _("培训结业证明"),
    "apprenticeship": _("学徒期满证明"),
}


def evidence_choices() -> list[tuple[str, Any]]:
    """The kinds of proof a route may ask for."""
    return [(name, EVIDENCE_WORDS.get(name, name)) for name in routes.EVIDENCE_KINDS]


class PublishForm(forms.Form):
    """From which day a version holds."""

    valid_from = DayField(label=_("施行日期"), help_text=_("前一版本在这一天的前一日终止。"))


class EndForm(forms.Form):
    """The last day a version holds."""

    last_day = DayField(
        label=_("终止日期"), help_text=_("这一天仍按本版本认定，次日起不再受理本职业的新申请，除非另有版本施行。")
    )


class WhichForm(forms.Form):
    """Which rules apply: occupation, level, day."""

    occupation = forms.ChoiceField(label=_("职业"))
    level = forms.TypedChoiceField(label=_("等级"), choices=LEVEL_CHOICES, coerce=int)
    on = DayField(label=_("日期"))

    def __init__(self, *args: Any, occupations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "occupation", [("", _("请选择职业")), *occupations])
