"""Shape of input on the site's own pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiangheng.screens.typed import DayField


class AnnouncementForm(forms.Form):
    """A notice of the centre for the public portal."""

    title = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(label=_("正文"), max_length=10000, widget=forms.Textarea(attrs={"rows": 10}))
    published_on = DayField(label=_("发布日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
