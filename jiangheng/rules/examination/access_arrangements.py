"""What a candidate needs in the examination (四（六）): a seat that can be reached, more time; asked, then confirmed."""

from __future__ import annotations

from jiangheng.rules.law import Law
from jiangheng.rules.words import gettext_noop as N_

ACCESS, EXTRA = "access", "extra"
KINDS = {ACCESS: N_("无障碍座位"), EXTRA: N_("延长考试时间")}


def extra_minutes(length: int, law: Law) -> int:
    """The minutes a confirmed need for more time adds to an examination of ``length`` minutes, rounded up."""
    return -(-length * int(law.value("extra_time_percent")) // 100)
