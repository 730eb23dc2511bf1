"""The shape of what is typed about sittings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiangheng.bodies.models import Room
from jiangheng.people.forms import moment_field
from jiangheng.plans.models import PlanRow
from jiangheng.screens import display
from jiangheng.screens.typed import DayField

MOST_SESSIONS = 20


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _seats_of(room: Room) -> str:
    """A room with the seats in use, and the accessible ones where it has some."""
    given = {"name": room.name, "seats": room.capacity - len(room.closed), "accessible": len(room.accessible)}
    return (
        str(_("%(name)s（%(seats)s座，无障碍%(accessible)s座）") if room.accessible else _("%(name)s（%(seats)s座）"))
        % given
    )


class ArrangeForm(forms.Form):
    """Rooms and times of one subject."""

    rooms = forms.MultipleChoiceField(label=_("考场"), widget=forms.CheckboxSelectMultiple)
    with_rows = forms.MultipleChoiceField(
        label=_("合用考场的其他职业、等级"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("一并抽签，同一考场内座位分开；考试方式、时间和时长须相同。"),
    )
    sessions = forms.CharField(
        label=_("开考时间"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一个场次，如 2026-07-04 09:00；座位不够时可增加场次。"),
    )
    minutes = forms.IntegerField(label=_("考试时长（分钟）"), min_value=1, max_value=1440)
    seed = forms.CharField(
        label=_("抽签种子"),
        max_length=80,
        required=False,
        help_text=_("留空由系统随机产生；种子随场次保存，可复核座位抽签。"),
    )
    leave_out_unpaid = forms.BooleanField(label=_("不编排费用未结清的考生"), required=False)

    def __init__(self, *given: Any, rooms: Iterable[Room] = (), others: Iterable[PlanRow] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        shared = self.fields["with_rows"]
        assert isinstance(shared, forms.MultipleChoiceField)
        shared.choices = [
            (str(row.pk), f"{row.job or row.occupation_name} {display.level(row.level)}") for row in others
        ]
        if not shared.choices:
            shared.widget = forms.MultipleHiddenInput()
        field = self.fields["rooms"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(room.pk), _seats_of(room)) for room in rooms]

    def clean_sessions(self) -> list[datetime]:
        """The lines as moments in Liuzhou."""
        reader = moment_field("")
        lines = [line.strip() for line in self.cleaned_data["sessions"].splitlines() if line.strip()]
        if len(lines) > MOST_SESSIONS:
            raise forms.ValidationError(_("一次最多编排20个场次。"))
        moments = []
        for line in lines:
            try:
                moments.append(reader.clean(line))
            except forms.ValidationError:
                raise forms.ValidationError(
                    _("“%(line)s”不是日期时间，请写成 2026-07-04 09:00。"), params={"line": line[:40]}
                ) from None
        return moments


class BriefForm(forms.Form):
    """考务会议记录."""

    held_at = moment_field(_("召开时间"))
    place = forms.CharField(label=_("地点"), max_length=120)
    minutes = forms.CharField(
        label=_("会议内容"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text=_("写明分工、工作要求和应急安排。"),
    )
    attendees = forms.CharField(
        label=_("参会人员"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000, help_text=_("每行一人。")
    )

    def clean_attendees(self) -> list[str]:
        """Names, one a line."""
        return _lines(self.cleaned_data["attendees"])


class MeetingForm(forms.Form):
    """Time, place and agenda of a meeting to come."""

    starts_at = moment_field(_("会议时间"), help_text=_("早于首场开考。"))
    place = forms.CharField(label=_("地点"), max_length=120)
    agenda = forms.CharField(
        label=_("议程"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=6000,
        help_text=_("每行一项，可增删修改。"),
    )

    def clean_agenda(self) -> list[str]:
        """The items, one a line."""
        return _lines(self.cleaned_data["agenda"])


class HoldForm(forms.Form):
    """What was said at a meeting, and who came without holding a post."""

    held_at = moment_field(_("召开时间"))
    minutes = forms.CharField(
        label=_("会议内容"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text=_("写明分工、工作要求和应急安排。"),
    )
    guests = forms.CharField(
        label=_("其他参会人员"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=5000,
        required=False,
        help_text=_("没有岗位的参会人员，每行一人。考务人员以签到为准。"),
    )

    def clean_guests(self) -> list[str]:
        """Names, one a line."""
        return _lines(self.cleaned_data["guests"])


class ByHandForm(forms.Form):
    """Why somebody's attendance is noted by the body."""

    reason = forms.CharField(
        label=_("原因"), max_length=200, help_text=_("如“手机没电，当面核对身份证”。登记后记入会议纪要，不能删除。")
    )


class ExceptionForm(forms.Form):
    """The centre's exception from the last day of the tickets."""

    until = DayField(
        label=_("最迟核发日"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("晚于规定的最迟核发日，并早于首场考试日。"),
    )
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300)
    document = forms.CharField(label=_("依据文件"), max_length=120, help_text=_("文件名称和文号。"))
    article = forms.CharField(label=_("条款"), max_length=60, help_text=_("如“第五条第二款”。"))
