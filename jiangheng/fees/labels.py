"""The words of the law's refund reasons that pages show, marked for translation; a test keeps them complete."""

from jiangheng.rules.words import gettext_noop as N_

LABELS = (
    N_("考生不参加认定"),
    N_("认定计划取消"),
    N_("不符合申报条件，不予受理"),
    N_("多缴或重复缴费"),
    N_("缴费人或计划有误"),
    N_("退款后该项应收一并冲销，考生不再安排考试。"),
    N_("退款后该项应收一并冲销。"),
    N_("只退未用于结清应收的款项。"),
    N_("退款后该项应收恢复为欠费，由正确的缴费人缴纳。"),
)
