"""The columns of 附件4 as the platform keeps them: which a form may write, which are required; the proofs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jiangheng.rules.readers import certificate_numbers, dates, phones, text
from jiangheng.rules.readers.text import Read
from jiangheng.rules.roster import Template
from jiangheng.rules.words import gettext_noop as N_

PERSON = (N_("姓名"), N_("证件类型"), N_("性别"), N_("出生日期"))
WRITABLE = (
    N_("手机号码"), N_("电子邮箱"), N_("民族"), N_("政治面貌"), N_("户籍所在地"), N_("所在省（市）区"), N_("考生来源"),
    N_("所在单位"), N_("报名单位"), N_("通讯地址"), N_("邮政编码"), N_("文化程度"), N_("专业"), N_("学历证书编号"),
    N_("毕业时间"), N_("专业对应"), N_("参加工作时间"), N_("专业年限"), N_("简要经历"), N_("是否有职业资格证书"),
    N_("证书等级"),
    N_("证书编号"), N_("原职业(工种)"), N_("原证书发证日期"), N_("现职称"), N_("职称取得日期"), N_("职称专业对应"),
    N_("学徒期满"),
    N_("户口性质"), N_("学校"), N_("毕业或在读"), N_("就读班级"), N_("学习经历"), N_("学徒开始"), N_("学徒结束"),
    N_("培训机构"), N_("培训学时"), N_("原证书发证单位"),
    N_("申报条件"), N_("认定分类"), N_("证书领取方式"), N_("邮寄地址"),
)  # read as a table  # fmt: skip
OF_ROSTERS = (
    N_("序号"), N_("职业工种名称"), N_("认定等级"), N_("证件号码"), N_("考试类型"), N_("身份证号"), N_("考生申报条件"),
    N_("工作单位"), N_("本职业工作年限"), N_("原证书号"), N_("理论考试"), N_("实操考试"), N_("综合考试"),
    N_("外语考试"),
    N_("考生证照"),
)  # read as a table  # fmt: skip
"""Columns that only the roster templates have; named here for the pages that show them."""

REQUIRED = (
    "手机号码",
    "民族",
    "文化程度",
    "所在省（市）区",
    "考生来源",
    "是否有职业资格证书",
    "申报条件",
    "认定分类",
)
FORM = Template("F4", "附件4", (*PERSON[:1], *PERSON[2:], *WRITABLE), REQUIRED, {})
NOT_KEPT = ("证件号码", "序号")
READERS: dict[str, Callable[[object], Read[Any]]] = {
    "手机号码": phones.read,
    "证书编号": certificate_numbers.read,
    **dict.fromkeys(("参加工作时间", "毕业时间", "原证书发证日期", "职称取得日期", "学徒开始", "学徒结束"), dates.read),
}
"""Columns of a form read by a reader at every door that writes them; what it refuses stays as typed in a draft."""


def tidied(column: str, value: object) -> str:
    """A value as the form keeps it: by its reader, or without invisible characters and outer blanks."""
    reader = READERS.get(column)
    found = reader(value).value if reader is not None and str(value).strip() else None
    return str(found) if found is not None else text.line(value)[0]


PROOFS = {
    "identity": N_("身份证明"),
    "education": N_("学历证明"),
    "work_years": N_("工作年限证明"),
    "certificate": N_("原职业资格（技能等级）证书"),
    "title": N_("职称证书"),
    "training": N_("培训结业证书"),
    "apprenticeship": N_("学徒期满证明"),
    "commitment": N_("承诺书"),
}
"""Kinds of proof (三（二）1-3 and what the routes ask for); the photo (三（二）4) is kept on the application itself."""

PROOF_HELP = {
    "identity": N_("身份证正反两面，在有效期内；拍照或扫描，四角完整、文字清楚。"),
    "education": N_("毕业证书；或学信网学历证书电子注册备案表；在校学生用在校证明或学籍报告。"),
    "work_years": N_("单位盖章的工作年限证明，可附社保缴费记录；多个单位的另附工作年限承诺书。"),
    "certificate": N_("原职业资格证书或职业技能等级证书；全国联网可查的也可用查询结果截图。"),
    "title": N_("职称证书，写有专业和取得日期的一页。"),
    "training": N_("本级正规培训的结业证书，写明培训机构和学时。"),
    "apprenticeship": N_("单位盖章的学徒期满证明，写明起止日期。"),
    "commitment": N_("申报条件以承诺方式证明的，上传本人签名的承诺书。"),
}
"""What is accepted for each kind of proof, in the words the checklist uses (三（二）)."""

COMMITMENT = N_(
    "我已阅读并承诺：所填内容和所交材料真实有效，自愿参加认定；如有虚假，愿承担取消资格、成绩和证书的后果。"
)
"""诚信承诺, as ticked on the page and printed on 附件4."""
