"""Unified social credit codes (GB 32100): check digit from the library, dress taken off here."""

from __future__ import annotations

import re

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from jiangheng.rules.readers.text import Read, narrow, undress
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

LABEL = re.compile(r"^(?:统一社会)?信用代码(?:证?号)?\s*[:：]?\s*")
BETWEEN = re.compile(r"[\s\-‐‑‒–—―−﹣.·]")


def read(raw: object) -> Read[str]:
    """A code in its kept form; Refusal ``credit_code`` (422)."""
    text, tidied = undress(raw)
    said = list(tidied)
    text, wide = narrow(text)
    said += ["fullwidth"] if wide else []
    unlabelled = LABEL.sub("", text)
    said += ["label"] if unlabelled != text else []
    code = BETWEEN.sub("", unlabelled)
    said += ["spaces"] if code != unlabelled else []
    try:
        kept = str(uscc.validate(code.upper()))
    except ValidationError:
        return Read(
            None,
            (),
            refuse(
                "credit_code",
                N_("统一社会信用代码不正确。"),
                N_("请对照营业执照或登记证书上的18位代码填写。"),
                clause="一",
                status=422,
            ),
        )
    return Read(kept, tuple(dict.fromkeys([*said, *(["letter_case"] if kept != code else [])])))
