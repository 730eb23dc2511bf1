"""The columns of 附件4 as the platform keeps them: which a form may write, which are required; the proofs."""

from __future__ import annotations

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
    N_("申报条件"), N_("认定分类"), N_("证书领取方式"), N_("邮寄地址"),
)  # fmt: skip
OF_ROSTERS = (
    N_("序号"), N_("职业工种名称"), N_("认定等级"), N_("证件号码"), N_("考试类型"), N_("身份证号"), N_("考生申报条件"),
    N_("工作单位"), N_("本职业工作年限"), N_("原证书号"), N_("理论考试"), N_("实操考试"), N_("综合考试"),
    N_("外语考试"),
    N_("考生证照"),
)  # fmt: skip
"""Columns that only the roster templates have; named here for the pages that show them."""

REQUIRED = (
    "手机号码", "民族", "文化程度", "所在省（市）区", "考生来源", "是否有职业资格证书", "申报条件", "认定分类",
)  # fmt: skip
FORM = Template("F4", "附件4", (*PERSON[:1], *PERSON[2:], *WRITABLE), REQUIRED, {})
NOT_KEPT = ("证件号码", "序号")

PROOFS = {
    "identity": N_("身份证明"),
    "education": N_("学历证明"),
    "work_years": N_("工作年限证明"),
    "certificate": N_("原职业资格（技能等级）证书"),
    "title": N_("职称证书"),
    "commitment": N_("承诺书"),
}
"""Kinds of proof (三（二）1-3 and what the routes ask for); the photo (三（二）4) is kept on the application itself."""
