"""Shape of what people type about accounts, cards and relations; the rules judge the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiangheng.people.actions import CARD_KINDS, RELATION_KINDS
from jiangheng.people.actions.availability import MOST
from jiangheng.people.models import StaffCard
from jiangheng.rules import codes
from jiangheng.rules.codes import table
from jiangheng.rules.readers import names, phones
from jiangheng.rules.roles import LABELS, Role
from jiangheng.screens.forms import offer
from jiangheng.screens.typed import DayField, ReadField

Choices = Iterable[tuple[Any, Any]]


def _translated(table_of_words: dict[str, str]) -> list[tuple[str, Any]]:
    return [("", _("请选择")), *((key, _(label)) for key, label in table_of_words.items())]


def document_kinds() -> list[tuple[str, Any]]:
    """The kinds of identity document of 附件4."""
    return [(code.label, _(code.label)) for code in table("document_kind")]


def day_field(label: Any, **given: Any) -> DayField:
    """A day, picked from the browser's own calendar."""
    return DayField(label=label, **given)


def name_field(label: Any, **given: Any) -> ReadField:
    """A name as on the document, however its dot was typed."""
    return ReadField(label=label, reader=names.read, **given)


def number_field(label: Any, **given: Any) -> forms.CharField:
    """A document number with what may stand around it; the kind chosen beside it decides how it is read."""
    attributes = {"autocomplete": "off", "spellcheck": "false"}
    return forms.CharField(label=label, max_length=None, widget=forms.TextInput(attrs=attributes), **given)


def phone_field(label: Any, *, abroad: bool = False, **given: Any) -> ReadField:
    """A mobile however it is written."""
    return ReadField(label=label, reader=lambda raw: phones.read(raw, abroad=abroad), **given)


def moment_field(label: Any, **given: Any) -> forms.DateTimeField:
    """A moment, picked from the browser's own calendar."""
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=formats[0])
    return forms.DateTimeField(label=label, widget=widget, input_formats=formats, **given)


def secret_field(label: Any, autocomplete: str, **given: Any) -> forms.CharField:
    """A password, never trimmed and never shown again."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **given,
    )


class SignInForm(forms.Form):
    """Who and the password."""

    username = forms.CharField(
        label=_("账号"),
        max_length=None,
        help_text=_("考生可填手机号或身份证号；工作人员填单位开通的账号。"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = secret_field(_("密码"), "current-password")


class CodeForm(forms.Form):
    """Six figures of an authenticator program."""

    code = forms.CharField(
        label=_("6位动态口令"),
        min_length=6,
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": "[0-9]{6}"}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password = secret_field(
        _("新密码"), "new-password", help_text=_("至少10位，不能全是数字，不要用姓名、账号或常见密码。")
    )
    again = secret_field(_("再输入一次新密码"), "new-password")

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        typed = super().clean() or {}
        if typed.get("password") and typed.get("again") and typed["password"] != typed["again"]:
            self.add_error("again", _("两次输入的密码不一致。"))
        return typed


class OwnPasswordForm(NewPasswordForm):
    """One's own new password, with the current one first."""

    current = secret_field(_("当前密码"), "current-password")
    field_order = ("current", "password", "again")


class CurrentPasswordForm(forms.Form):
    """The current password, to confirm a weighty change."""

    current = secret_field(_("当前密码"), "current-password")


class RegisterForm(NewPasswordForm):
    """A candidate's own registration."""

    name = name_field(
        _("姓名"),
        help_text=_("与证件完全一致，生僻字和“·”照实填写。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    kind = forms.ChoiceField(label=_("证件类型"), choices=document_kinds)
    number = number_field(_("证件号码"))
    phone = phone_field(
        _("手机号码"),
        help_text=_("用于登录和接收考试通知。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    agreed = forms.BooleanField(label=_("我确认所填信息真实，并同意将其用于职业技能等级认定。"))
    field_order = ("name", "kind", "number", "phone", "password", "again", "agreed")


class ContactForm(forms.Form):
    """Contact details and language."""

    phone = phone_field(_("手机号码"), abroad=True, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    language = forms.ChoiceField(
        label=_("界面语言"), required=False, choices=[("zh-hans", "简体中文"), ("en", "English")]
    )


class MembershipForm(forms.Form):
    """A role, in an organisation where it has one."""

    role = forms.ChoiceField(label=_("身份"))
    organisation = forms.ChoiceField(label=_("所属单位"), required=False)

    def __init__(self, *given: Any, roles: Iterable[Role], organisations: Choices, **named: Any) -> None:
        super().__init__(*given, **named)
        offer(self, "role", [("", _("请选择")), *((role.value, _(LABELS[role])) for role in roles)])
        offered = [("", _("（不属于单位）")), *organisations]
        offer(self, "organisation", offered)

    def clean_organisation(self) -> int | None:
        """The organisation's key, or None."""
        chosen = self.cleaned_data["organisation"]
        return int(chosen) if chosen else None


class AccountForm(MembershipForm, NewPasswordForm):
    """A new account with its first role."""

    name = name_field(_("姓名"))
    username = forms.CharField(
        label=_("登录账号"),
        max_length=60,
        help_text=_("3至60位字母、数字或汉字，不含空格；不区分大小写。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    phone = phone_field(_("手机号码"), abroad=True, required=False)
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    field_order = ("name", "username", "role", "organisation", "phone", "email", "password", "again")


class CardForm(forms.Form):
    """A card of the register."""

    kind = forms.ChoiceField(label=_("证卡类别"), choices=lambda: _translated(CARD_KINDS))
    number = forms.CharField(label=_("证卡编号"), max_length=40)
    occupation_code = forms.CharField(
        label=_("职业编码"), max_length=20, required=False, help_text=_("考评员必填，如 6-31-01-03（电工）。")
    )
    employer_name = forms.CharField(label=_("工作单位"), max_length=120, required=False)
    valid_from = day_field(_("有效期起"))
    valid_to = day_field(_("有效期止"))

    def __init__(self, *given: Any, card: StaffCard | None = None, **named: Any) -> None:
        if card is not None:
            names = ("number", "occupation_code", "employer_name", "valid_from", "valid_to")
            named.setdefault("initial", {name: getattr(card, name) for name in names})
        super().__init__(*given, **named)
        if card is not None:
            del self.fields["kind"]


class IssueCardForm(CardForm):
    """A card for somebody who has an account."""

    username = forms.CharField(
        label=_("持卡人登录账号"), max_length=60, help_text=_("持卡人须先有账号，在“账号”页可查。")
    )
    document_kind = forms.ChoiceField(label=_("持卡人证件类型"), choices=document_kinds, required=False)
    document_number = number_field(
        _("持卡人证件号码"),
        required=False,
        help_text=_("对照本人证件原件填写；没有核验的，不能安排考务。该账号已核验过的可不填。"),
    )
    field_order = (
        "username",
        "kind",
        "number",
        "occupation_code",
        "employer_name",
        "valid_from",
        "valid_to",
        "document_kind",
        "document_number",
    )


class HolderForm(forms.Form):
    """The document of a card's holder."""

    kind = forms.ChoiceField(label=_("证件类型"), choices=document_kinds)
    number = number_field(_("证件号码"))
    name = name_field(_("姓名"))


class AbsenceForm(forms.Form):
    """When somebody cannot come."""

    begins_at = moment_field(_("开始"))
    ends_at = moment_field(_("结束"))
    note = forms.CharField(
        label=_("说明"), max_length=200, required=False, help_text=_("只有本人、证卡所属单位和市鉴定中心可见。")
    )


class WorkloadForm(forms.Form):
    """How much somebody takes on."""

    most = forms.IntegerField(
        label=_("一次认定中最多承担的场次"), min_value=1, max_value=MOST, required=False, help_text=_("不限的留空。")
    )


class ReasonForm(forms.Form):
    """Why."""

    note = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class RelationForm(forms.Form):
    """A relation to a candidate or an organisation."""

    kind = forms.ChoiceField(label=_("关系类别"), choices=lambda: _translated(RELATION_KINDS))
    name = name_field(_("考生姓名"), required=False)
    number = number_field(_("考生身份证号"), required=False)
    organisation = forms.ChoiceField(label=_("或：单位"), required=False)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *given: Any, organisations: Choices, **named: Any) -> None:
        super().__init__(*given, **named)
        offer(self, "organisation", [("", _("（无）")), *organisations])


class TokenForm(forms.Form):
    """A key to the API."""

    name = forms.CharField(label=_("用途"), max_length=60, help_text=_("写明用在哪个系统，如“学校教务系统”。"))
    days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=365, initial=180)


class MergeForm(forms.Form):
    """Two documents of one person, why, and the proof."""

    kind = forms.ChoiceField(label=_("证件类型"), choices=document_kinds)
    number = number_field(_("证件号码"), help_text=_("现在使用、以后办理业务的证件。"))
    name = name_field(_("姓名"))
    other_kind = forms.ChoiceField(label=_("另一证件类型"), choices=document_kinds)
    other_number = number_field(_("另一证件号码"))
    other_name = name_field(_("另一证件上的姓名"), required=False, help_text=_("与上面相同的不填。"))
    reason = forms.CharField(
        label=_("理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("如“通行证换发为居住证”“证件号码更正”，并注明证明文件。"),
    )
    proof = forms.FileField(label=_("证明材料"), help_text=_("能看出两个证件为同一人的材料，照片或 PDF。"))


class RollForm(forms.Form):
    """A list of own students or staff."""

    file = forms.FileField(label=_("填好的名单"), help_text=_("xlsx、xls 或 CSV；只读取第一张表。"))


class _EntryForm(forms.Form):
    """Whose document a list entry is about."""

    kind = forms.ChoiceField(
        label=_("证件类型"), choices=lambda: [(label, _(label)) for _code, label in codes.choices("document_kind")]
    )
    number = number_field(_("证件号码"))
    name = name_field(_("姓名"))


class StudentEntryForm(_EntryForm):
    """One student of a school's own list (二)."""

    class_name = forms.CharField(label=_("班级"), max_length=60)
    programme = forms.CharField(label=_("专业"), max_length=60)
    since = day_field(_("入学日期"), required=False)
    graduates_on = day_field(_("预计毕业日期"))
    until = day_field(_("离校日期"), required=False, help_text=_("转学、退学的填写；在册的留空。"))


class StaffEntryForm(_EntryForm):
    """One member of an employer's own list (二)."""

    relation = forms.ChoiceField(
        label=_("与本单位关系"), choices=lambda: [(code, _(label)) for code, label in codes.choices("staff_relation")]
    )
    department = forms.CharField(label=_("部门"), max_length=60, required=False)
    post = forms.CharField(label=_("岗位"), max_length=60, required=False)
    through = forms.CharField(
        label=_("派遣或外包单位"), max_length=60, required=False, help_text=_("劳务派遣、外包人员填写。")
    )
    since = day_field(_("起始日期"), required=False)
    until = day_field(_("终止日期"), required=False, help_text=_("在册的留空。"))
