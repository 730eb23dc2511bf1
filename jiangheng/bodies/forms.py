"""Shape of input about organisations, filings and premises; rows of a form that grow without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from jiangheng.rules import codes
from jiangheng.rules.conditions import occupations
from jiangheng.rules.examination import seat_plans
from jiangheng.rules.readers import credit_codes, phones
from jiangheng.screens.display import LEVELS
from jiangheng.screens.forms import offer
from jiangheng.screens.typed import DayField as ReadDayField
from jiangheng.screens.typed import ReadField

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MOST_ROWS = 50


class DayField(ReadDayField):
    """A calendar day typed with the browser's own picker; only days a calendar of work may reach."""

    def validate(self, value: date | None) -> None:
        """Refuse days no filing, plan or table can mean."""
        super().validate(value)
        if value is not None and not FIRST_DAY <= value <= LAST_DAY:
            raise forms.ValidationError(_("请填写2000年至2100年之间的日期。"), code="range")


def table(name: str, empty: Any = None) -> list[tuple[str, Any]]:
    """A code table as choices, with an empty one first where given."""
    return ([("", empty)] if empty is not None else []) + [(code, _(label)) for code, label in codes.choices(name)]


def occupation_choices(on: date) -> list[tuple[str, Any]]:
    """The catalogue as choices: code and name."""
    return [("", _("请选择职业"))] + [(row.code, f"{row.code} {row.name}") for row in occupations.catalogue(on)]


def typed(form: type[forms.Form], data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """What was typed into ``form``, unjudged, to show it again while rows are added."""
    return {
        name: field.widget.value_from_datadict(data, MultiValueDict(), f"{prefix}-{name}" if prefix else name)
        for name, field in form.base_fields.items()
    }


def typed_rows(form: type[forms.Form], data: Mapping[str, Any], prefix: str) -> list[dict[str, Any]]:
    """What was typed into every row of a formset."""
    total = str(data.get(f"{prefix}-TOTAL_FORMS", "0"))
    count = min(int(total), MOST_ROWS) if total.isascii() and total.isdigit() and len(total) < 4 else 0
    return [typed(form, data, f"{prefix}-{place}") for place in range(count)]


class OrganisationForm(forms.Form):
    """Everything the register holds of an organisation; the centre's."""

    name = forms.CharField(label=_("机构全称"), max_length=120)
    kind = forms.ChoiceField(label=_("机构类别"), choices=lambda: table("organisation_kind", _("请选择")))
    credit_code = ReadField(
        label=_("统一社会信用代码"), reader=credit_codes.read, help_text=_("18位，照登记证书填写。")
    )
    licence_number = forms.CharField(label=_("办学许可证号"), max_length=40, required=False)
    legal_person = forms.CharField(label=_("法定代表人"), max_length=60, required=False)
    owner_group = forms.CharField(
        label=_("举办者"),
        max_length=60,
        required=False,
        help_text=_("举办者相同的机构之间不得互相指派认定。"),
    )
    certificate_prefix = forms.CharField(
        label=_("证书编号前缀"),
        max_length=13,
        required=False,
        help_text=_("由自治区人社部门编制下发的13位前缀，照文件录入；尚未下发的留空。"),
    )
    district_code = forms.ChoiceField(label=_("所在县区"), choices=lambda: table("district", _("未填")), required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    contact_name = forms.CharField(label=_("联系人"), max_length=60, required=False)
    contact_phone = ReadField(label=_("联系电话"), reader=phones.contact, required=False)
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    is_fictional = forms.BooleanField(
        label=_("虚构机构（演示用）"), required=False, help_text=_("勾选后，所有页面和文件都会注明虚构。")
    )


class ContactForm(forms.Form):
    """What an organisation may change of itself."""

    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    contact_name = forms.CharField(label=_("联系人"), max_length=60, required=False)
    contact_phone = ReadField(label=_("联系电话"), reader=phones.contact, required=False)
    email = forms.EmailField(label=_("电子邮箱"), required=False)


class FilingForm(forms.Form):
    """The head of a filing (附件1-3)."""

    number = forms.CharField(label=_("备案文号"), max_length=60, required=False, help_text=_("公布后填写，可留空。"))
    batch = forms.CharField(label=_("备案批次"), max_length=40, required=False)
    valid_from = DayField(label=_("备案起始日期"))
    valid_to = DayField(label=_("备案截止日期"))
    fee_basis = forms.CharField(label=_("收费依据"), max_length=120, required=False)


class ScopeForm(forms.Form):
    """One row of a filing: occupation, 工种, levels."""

    occupation_code = forms.ChoiceField(label=_("职业"))
    job = forms.CharField(label=_("工种"), max_length=60, required=False)
    standard = forms.CharField(
        label=_("职业标准版本"), max_length=80, required=False, help_text=_("标准文号，如“人社厅发〔2018〕145号”。")
    )
    own_standard = forms.BooleanField(
        label=_("企业评价规范"),
        required=False,
        help_text=_("勾选表示上面填写的是本单位自己的评价规范，备案后由市鉴定中心登记，只对本单位有效。"),
    )
    levels = forms.MultipleChoiceField(
        label=_("等级"),
        choices=[(str(level), name) for level, name in LEVELS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    valid_from = DayField(label=_("本行起始日期"), required=False, help_text=_("与备案一致的留空。"))
    valid_to = DayField(label=_("本行截止日期"), required=False)

    def __init__(self, *args: Any, on: date, employer: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "occupation_code", occupation_choices(on))
        if not employer:
            del self.fields["own_standard"]


class FileForm(forms.Form):
    """What putting a filing into force asks for."""

    number = forms.CharField(label=_("备案文号"), max_length=60)


class StandingForm(forms.Form):
    """What suspending, lifting or ending a filing asks for besides the reason."""

    on = DayField(label=_("生效日期"), required=False, help_text=_("留空即自今天起。"))
    document = forms.CharField(
        label=_("决定文书"), max_length=80, required=False, help_text=_("文书名称或文号，尚未印发的可留空。")
    )


class RectifyForm(StandingForm):
    """What ordering a body to put things right asks for."""

    due = DayField(label=_("整改期限"), help_text=_("到期未报送整改情况的，会列在“备案到期与整改”中。"))


class ChangeForm(forms.Form):
    """A change of a body after filing: name, site, or the end of a filing."""

    kind = forms.ChoiceField(
        label=_("变更事项"),
        choices=[("name", _("变更名称")), ("site", _("变更考核场地")), ("end", _("申请注销备案"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("变更后的名称"), max_length=120, required=False, help_text=_("机构新名称，或场地名称。注销的不填。")
    )
    venue_id = forms.TypedChoiceField(label=_("变更的场地"), required=False, coerce=int, empty_value=None)
    address = forms.CharField(label=_("变更后的场地地址"), max_length=200, required=False)
    filing_id = forms.TypedChoiceField(label=_("申请注销的备案"), required=False, coerce=int, empty_value=None)
    effective_on = DayField(label=_("生效日期"))
    document = forms.CharField(label=_("证明文件"), max_length=80, required=False, help_text=_("名称或文号。"))
    reason = forms.CharField(label=_("变更理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(
        self, *args: Any, venues: list[tuple[int, str]], filings: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "venue_id", [("", _("新增一处场地")), *venues])
        offer(self, "filing_id", [("", _("请选择")), *filings])


class AnnexForm(forms.Form):
    """An annex workbook (附件1-3)."""

    annex = forms.ChoiceField(label=_("附件"), widget=forms.RadioSelect)
    file = forms.FileField(label=_("填好的目录"), help_text=_("xlsx、xls 或 CSV；只读取第一张表。"))

    def __init__(self, *args: Any, annexes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "annex", annexes)


class VenueForm(forms.Form):
    """A place of examination."""

    name = forms.CharField(label=_("场地名称"), max_length=80)
    address = forms.CharField(label=_("详细地址"), max_length=200, help_text=_("会印在准考证上，请写到门牌号。"))
    district_code = forms.ChoiceField(label=_("所在县区"), choices=lambda: table("district", _("未填")), required=False)
    fixed = forms.TypedChoiceField(
        label=_("场地性质"),
        choices=[("1", _("本机构固定场地")), ("0", _("固定场地外（考核前须提交附件7审核）"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        initial="1",
    )
    tenure = forms.CharField(label=_("产权或租期"), max_length=40, required=False)
    area_m2 = forms.IntegerField(label=_("面积（平方米）"), min_value=1, max_value=100000, required=False)


class RoomForm(forms.Form):
    """A room of a venue."""

    name = forms.CharField(label=_("考场名称"), max_length=60)
    kind = forms.ChoiceField(label=_("考场类别"), choices=lambda: table("room_kind"))
    capacity = forms.IntegerField(label=_("座位（工位）数"), min_value=1, max_value=1000)
    spare = forms.IntegerField(label=_("备用数"), min_value=0, max_value=1000, initial=0)
    cctv = forms.BooleanField(label=_("有全程录像监控"), required=False)


class SeatPlanForm(forms.Form):
    """How the seats of a room stand."""

    per_row = forms.IntegerField(
        label=_("每行座位数"),
        min_value=1,
        max_value=seat_plans.MOST_PER_ROW,
        help_text=_("座位号自讲台左侧起，逐行由左至右排列。"),
    )
    accessible = forms.CharField(
        label=_("无障碍座位"),
        required=False,
        max_length=400,
        help_text=_("轮椅可以到达的座位号，如 1,7-9；没有的留空。"),
    )
    closed = forms.CharField(
        label=_("停用座位"),
        required=False,
        max_length=400,
        help_text=_("设备损坏等不能使用的座位号，不编排考生。"),
    )
    stations = forms.CharField(
        label=_("指定职业的工位"),
        required=False,
        max_length=seat_plans.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行写工位号和职业编码，如“1-8：6-31-01-03”；没有写的工位各职业都能用。"),
    )


class EquipmentForm(forms.Form):
    """A piece of equipment of a venue (附件7)."""

    name = forms.CharField(label=_("设备名称"), max_length=80, help_text=_("与职业标准所列名称一致，便于核对。"))
    model = forms.CharField(label=_("规格型号"), max_length=80, required=False)
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=100000)
    usable = forms.IntegerField(label=_("完好数"), min_value=0, max_value=100000)
    verified_until = DayField(label=_("检定有效期至"), required=False)
