"""The duties of the posts as pages show them, marked for translation; a test keeps them complete."""

from jiangheng.rules.words import gettext_noop as N_

DUTIES = (
    N_("全面负责本场考试的组织"),
    N_("查验考务准备"),
    N_("处置突发情况并及时报告"),
    N_("审定考场记录单"),
    N_("核对考生身份，维护考场秩序，领取、分发和回收试卷，如实填写并签署考场记录单"),
    N_("组织考评组按评分标准独立评分"),
    N_("统一操作要求和安全要求"),
    N_("不得更改他人评分"),
    N_("佩证上岗，在证卡载明的职业和等级范围内独立评分"),
    N_("遇应回避情形主动报告"),
    N_("对考场组织、试卷流转、评分和记录进行现场督导，填写督导记录，发现问题当场指出并报告"),
)
