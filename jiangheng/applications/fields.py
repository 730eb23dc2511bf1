"""The columns of 附件4 as the platform keeps them: which a form may write, which are required, which proofs there are."""

from __future__ import annotations

from jiangheng.rules.roster import Template
from jiangheng.rules.words import gettext_noop as N_

PERSON = ("姓名", "证件类型", "性别", "出生日期")
WRITABLE = (
    "手机号码", "电子邮箱", "民族", "政治面貌", "户籍所在地", "所在省（市）区", "考生来源", "所在单位", "报名单位", "通讯地址",
    "邮政编码", "文化程度", "专业", "学历证书编号", "毕业时间", "专业对应", "参加工作时间", "专业年限", "简要经历",
    "是否有职业资格证书", "证书等级", "证书编号", "原职业(工种)", "原证书发证日期", "现职称", "职称取得日期", "职称专业对应",
    "学徒期满", "申报条件", "认定分类", "证书领取方式", "邮寄地址",
)  # fmt: skip
REQUIRED = ("手机号码", "民族", "文化程度", "所在省（市）区", "考生来源", "是否有职业资格证书", "申报条件", "认定分类")
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

RETURN_REASONS = {
    "identity": N_("身份证明不清晰或与填写不一致"),
    "education": N_("学历证明缺失、不清晰或专业不对应"),
    "work_years": N_("工作年限证明缺失、未盖章或年限不足"),
    "certificate": N_("原证书缺失或证书编号无法核对"),
    "photo": N_("照片不符合要求"),
    "route": N_("申报条件选择有误"),
    "form": N_("表格填写不完整或前后不一致"),
}
