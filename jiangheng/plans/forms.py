"""Shape of input about requests, venue reviews and plans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiangheng.bodies.forms import DayField, table
from jiangheng.catalog import queries as catalog
from jiangheng.plans.queries import SECTIONS
from jiangheng.rules.days.local_time import LIUZHOU, local_moment
from jiangheng.rules.readers import phones
from jiangheng.screens.display import LEVELS
from jiangheng.screens.forms import offer
from jiangheng.screens.typed import ReadField

LEVEL_CHOICES = [(level, name) for level, name in LEVELS.items()]
WATCH = {"hx-trigger": "change, input delay:400ms", "hx-target": "#deadline", "hx-swap": "innerHTML"}


class RequestForm(forms.Form):
    """附件6."""

    class_name = forms.CharField(label=_("培训班名称"), max_length=80)
    class_number = forms.CharField(label=_("班号"), max_length=40, required=False)
    training_from = DayField(label=_("开班日期"), required=False)
    training_to = DayField(label=_("结业日期"), required=False)
    training_hours = forms.IntegerField(label=_("培训学时"), min_value=0, max_value=10000, required=False)
    occupation_code = forms.ChoiceField(label=_("职业"))
    job = forms.CharField(label=_("工种"), max_length=60, required=False, help_text=_("没有工种的留空。"))
    level = forms.TypedChoiceField(label=_("等级"), choices=LEVEL_CHOICES, coerce=int, initial=4)
    headcount = forms.IntegerField(label=_("人数"), min_value=1, max_value=10000)
    exam_on = DayField(label=_("拟考核日期（首选）"))
    alternative_on = DayField(label=_("备选日期"), required=False)
    place = forms.ChoiceField(label=_("考核地点"), choices=lambda: table("place"), widget=forms.RadioSelect)
    venue_id = forms.TypedChoiceField(
        label=_("场地"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("选择“认定机构场地”时留空。"),
    )
    trainer_id = forms.TypedChoiceField(
        label=_("参与本班培训的认定机构"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("没有的留空。培训和认定须分开，填报的机构不会被指派。"),
    )
    contact_name = forms.CharField(label=_("联系人"), max_length=60, required=False)
    contact_phone = ReadField(label=_("联系电话"), reader=phones.contact, required=False)

    def __init__(
        self,
        *args: Any,
        venues: Iterable[tuple[int, str]],
        trainers: Iterable[tuple[int, str]],
        watch: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "trainer_id", [("", _("没有")), *trainers])
        offer(self, "occupation_code", [("", _("请选择职业")), *catalog.occupation_choices()])
        offer(self, "venue_id", [("", _("未选择")), *venues])
        self.fields["exam_on"].widget.attrs |= {"hx-get": watch, **WATCH}


class AssignForm(forms.Form):
    """Which body, and why."""

    body_id = forms.TypedChoiceField(label=_("认定机构"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("指派理由"),
        help_text=_("与建议一致的可留空；改派和指派其他机构的必填。"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "body_id", choices)


class PhotoForm(forms.Form):
    """A picture of a venue."""

    file = forms.FileField(label=_("照片或文件"), help_text=_("JPG、PNG、WebP 图片或 PDF。"))
    caption = forms.CharField(
        label=_("说明"), max_length=80, required=False, help_text=_("例如“机房全景”“考核台铭牌”。")
    )


class VerdictForm(forms.Form):
    """The body's verdict on one line of a venue's list."""

    item_id = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("意见"),
        choices=[("", _("未填")), ("met", _("满足")), ("not_met", _("不满足")), ("rectify", _("整改"))],
        required=False,
    )
    remark = forms.CharField(label=_("说明"), max_length=200, required=False)


class ListRowForm(forms.Form):
    """One line of a venue's list that the standard does not name; a new line left without a name is none."""

    item_id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    section = forms.ChoiceField(label=_("类别"), choices=list(SECTIONS.items()), required=False, initial="tools")
    requirement = forms.CharField(label=_("项目名称"), max_length=120, required=False)
    detail = forms.CharField(label=_("规格或情况"), max_length=200, required=False)
    needed = forms.IntegerField(label=_("应有数量"), min_value=0, max_value=100_000, required=False)
    available = forms.IntegerField(label=_("完好数量"), min_value=0, max_value=100_000, required=False)
    drop = forms.BooleanField(label=_("删去这一行"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "section", [(key, gettext(label)) for key, label in SECTIONS.items()])
        if self.initial.get("item_id") and not self.initial.get("own"):
            for name in ("section", "requirement", "needed", "available", "drop"):
                del self.fields[name]


def closing(day: date) -> datetime:
    """When registration closes that ends on ``day``: 18:00 in Liuzhou."""
    return datetime.combine(day, time(18, 0), LIUZHOU)


class PlanForm(forms.Form):
    """The head of 附件5."""

    title = forms.CharField(label=_("计划名称"), max_length=120, required=False, help_text=_("留空则按首行职业命名。"))
    exam_on = DayField(label=_("考核日期"), help_text=_("第一科开考的日期。"))
    registration_ends_on = DayField(label=_("报名截止日期"), help_text=_("当天18:00截止。"))
    venue_id = forms.TypedChoiceField(label=_("考核场地"), coerce=int)
    candidate_source = forms.ChoiceField(label=_("考生来源"), choices=lambda: table("candidate_group"))
    paper_source = forms.ChoiceField(label=_("试题来源"), choices=lambda: table("paper_source"))
    open_to_public = forms.BooleanField(
        label=_("接受个人网上报名"), required=False, help_text=_("仅社会培训评价组织可以面向社会开放。")
    )
    contact_name = forms.CharField(label=_("联系人"), max_length=60, required=False)
    contact_phone = ReadField(label=_("联系电话"), reader=phones.contact, required=False)

    def __init__(self, *args: Any, venues: Iterable[tuple[int, str]], watch: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "venue_id", [("", _("请选择场地")), *venues])
        self.fields["exam_on"].widget.attrs |= {"hx-get": watch, **WATCH}

    def registration_ends_at(self) -> datetime:
        """The closing moment of registration."""
        return closing(self.cleaned_data["registration_ends_on"])


class ChangePlanForm(forms.Form):
    """What may change of an accepted plan besides its rows, and why."""

    exam_on = DayField(
        label=_("考核日期"), help_text=_("改期的，请填写新的日期；新日期仍须满足计划报送期限，见下方计算。")
    )
    registration_ends_on = DayField(label=_("报名截止日期"), help_text=_("当天18:00截止。"))
    venue_id = forms.TypedChoiceField(label=_("考核场地"), coerce=int)
    reason = forms.CharField(
        label=_("改期或变更理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会告知市鉴定中心、申请单位和已报名的考生。"),
    )

    def __init__(self, *args: Any, venues: Iterable[tuple[int, str]], watch: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "venue_id", venues)
        self.fields["exam_on"].widget.attrs |= {"hx-get": watch, **WATCH}

    def registration_ends_at(self) -> datetime:
        """The closing moment of registration."""
        return closing(self.cleaned_data["registration_ends_on"])


class ChangeRowForm(forms.Form):
    """New numbers and hours of one row that stands in the plan."""

    row_id = forms.IntegerField(widget=forms.HiddenInput)
    headcount = forms.IntegerField(label=_("计划人数"), min_value=1, max_value=10000)
    theory_at = forms.TimeField(
        label=_("理论开始时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), required=False
    )
    skill_on = DayField(label=_("技能考核日期"), required=False, help_text=_("留空为考核日期当天。"))
    skill_at = forms.TimeField(
        label=_("技能开始时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), required=False
    )


class PlanRowForm(forms.Form):
    """One occupation and level with the hour of each subject; minutes and methods come from the standard."""

    occupation_code = forms.ChoiceField(label=_("职业"))
    job = forms.CharField(label=_("工种"), max_length=60, required=False)
    level = forms.TypedChoiceField(label=_("等级"), choices=LEVEL_CHOICES, coerce=int, initial=4)
    headcount = forms.IntegerField(label=_("计划人数"), min_value=1, max_value=10000)
    makeup = forms.IntegerField(
        label=_("其中补考人数"), min_value=0, max_value=10000, required=False, help_text=_("没有的留空。")
    )
    assessment = forms.ChoiceField(label=_("评价类型"), choices=lambda: table("assessment"), required=False)
    theory_at = forms.TimeField(
        label=_("理论开始时间"), initial=time(9, 0), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    theory_method = forms.ChoiceField(label=_("理论方式"), choices=lambda: table("method")[:2], initial="machine")
    skill_on = DayField(label=_("技能考核日期"), required=False, help_text=_("留空为考核日期当天。"))
    skill_at = forms.TimeField(
        label=_("技能开始时间"), initial=time(14, 0), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    examiner_lead = forms.CharField(label=_("考评组长（拟）"), max_length=60, required=False)
    invigilators = forms.IntegerField(label=_("监考人数（拟）"), min_value=0, max_value=10000, required=False)
    supervisor = forms.CharField(label=_("内部督导员（拟）"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "occupation_code", [("", _("请选择职业")), *catalog.occupation_choices()])


class CopyForm(forms.Form):
    """The day a copied plan is for."""

    exam_on = DayField(label=_("新的考核日期"))


def subjects_of(row: dict[str, Any], exam_on: date, body_id: int | None = None) -> list[dict[str, Any]]:
    """The subjects of a typed row: those of the body's standard, at the hours typed."""
    subjects = []
    for each in catalog.subjects_for(row["occupation_code"], row["level"], exam_on, body_id):
        theory = each.subject == "theory"
        day = exam_on if theory else row["skill_on"] or exam_on
        begins = datetime.combine(day, row["theory_at"] if theory else row["skill_at"], LIUZHOU)
        if each.subject == "review":
            begins += timedelta(hours=2)
        subjects.append(
            {
                "subject": each.subject,
                "method": row["theory_method"] if theory else each.method,
                "starts_at": begins.isoformat(),
                "minutes": each.minutes,
            }
        )
    return subjects


def moved_subjects(standing: Iterable[dict[str, Any]], row: dict[str, Any], exam_on: date) -> list[dict[str, Any]]:
    """The subjects of a row that stands, at the hours typed on the day of the change."""
    moved = []
    for each in standing:
        was = local_moment(datetime.fromisoformat(each["starts_at"]))
        theory = each["subject"] == "theory"
        day = exam_on if theory else row["skill_on"] or exam_on
        hour = row["theory_at"] if theory else row["skill_at"]
        if hour is None or each["subject"] == "review":
            hour = was.time()
        moved.append({**each, "starts_at": datetime.combine(day, hour, LIUZHOU).isoformat()})
    return moved
