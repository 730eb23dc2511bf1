"""Deeds that move nothing through a state: who may do them, and under which clause."""

from __future__ import annotations

from dataclasses import dataclass

from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_

CENTRE, BODY, SCHOOL, EMPLOYER, CANDIDATE = (
    Role.CENTRE,
    Role.BODY,
    Role.SCHOOL,
    Role.EMPLOYER,
    Role.CANDIDATE,
)
EXAMINER, INVIGILATOR = Role.EXAMINER, Role.INVIGILATOR
INTERNAL, EXTERNAL = Role.INTERNAL_SUPERVISOR, Role.EXTERNAL_SUPERVISOR
SYSTEM, PUBLIC = Role.SYSTEM, Role.PUBLIC
EVERYONE = tuple(Role)
SIGNED_IN = tuple(role for role in Role if role is not Role.PUBLIC)


@dataclass(frozen=True, slots=True)
class Deed:
    """A named deed, its word for the journal, who may do it, and its clause ("" where the notice is silent)."""

    name: str
    label: str
    roles: tuple[Role, ...]
    clause: str = ""


DEEDS: dict[str, Deed] = {
    deed.name: deed
    for deed in (
        Deed("account.sign_in", N_("登录"), EVERYONE),
        Deed("account.open", N_("开立账号"), (CENTRE, BODY, SCHOOL, EMPLOYER, SYSTEM)),
        Deed("account.register", N_("考生注册"), (PUBLIC,), "三（二）"),
        Deed("account.change", N_("修改联系方式"), SIGNED_IN),
        Deed("account.set_password", N_("修改密码"), SIGNED_IN),
        Deed("account.close", N_("停用账号"), (CENTRE, BODY, SCHOOL, EMPLOYER, SYSTEM)),
        Deed("account.reopen", N_("恢复账号"), (CENTRE, BODY, SCHOOL, EMPLOYER, SYSTEM)),
        Deed("account.enrol_second_step", N_("启用两步登录"), SIGNED_IN),
        Deed("account.confirm_second_step", N_("确认两步登录"), SIGNED_IN),
        Deed("account.drop_second_step", N_("停用两步登录"), SIGNED_IN),
        Deed("membership.add", N_("授予身份"), (CENTRE, BODY, SCHOOL, EMPLOYER, SYSTEM)),
        Deed("membership.end", N_("收回身份"), (CENTRE, BODY, SCHOOL, EMPLOYER, SYSTEM)),
        Deed("membership.switch", N_("切换身份"), EVERYONE),
        Deed("token.create", N_("建立接口令牌"), (CENTRE, BODY, SCHOOL, EMPLOYER)),
        Deed("token.revoke", N_("吊销接口令牌"), (CENTRE, BODY, SCHOOL, EMPLOYER)),
        Deed("identity.record", N_("登记证件"), EVERYONE, "三（二）"),
        Deed("identity.reveal", N_("查看完整证件号码"), (CENTRE, BODY, SCHOOL, EMPLOYER, CANDIDATE, SYSTEM)),
        Deed("identity.rotate", N_("更换证件号码密钥"), (CENTRE, SYSTEM)),
        Deed("card.issue", N_("登记考评监考督导证卡"), (CENTRE, BODY, SYSTEM), "四（七）"),
        Deed("card.change", N_("变更证卡"), (CENTRE, BODY, SYSTEM), "四（七）"),
        Deed("card.end", N_("注销证卡"), (CENTRE, BODY, SYSTEM), "四（七）"),
        Deed("relation.declare", N_("申报回避关系"), SIGNED_IN, "四（七）"),
        Deed("relation.withdraw", N_("撤回回避申报"), SIGNED_IN, "四（七）"),
        Deed("file.store", N_("上传文件"), SIGNED_IN, "三（二）"),
        Deed("file.keep_made", N_("保存生成的文件"), SIGNED_IN),
        Deed("file.sweep", N_("清理无主文件"), (CENTRE, SYSTEM)),
        Deed("notice.read", N_("阅读通知"), EVERYONE),
        Deed("outgoing.retry", N_("重新发送"), (CENTRE,)),
        Deed("application.open", N_("填写申请"), (CANDIDATE, BODY, SCHOOL, EMPLOYER), "三（二）"),
        Deed("application.save", N_("保存申请"), (CANDIDATE, BODY, SCHOOL, EMPLOYER), "三（二）"),
        Deed("application.attach", N_("上传申请材料"), (CANDIDATE, BODY, SCHOOL, EMPLOYER), "三（二）"),
        Deed("application.detach", N_("移除申请材料"), (CANDIDATE, BODY, SCHOOL, EMPLOYER), "三（二）"),
        Deed("application.judge", N_("按申报条件审核"), (BODY,), "三（一）"),
        Deed("application.accept_clean", N_("批量受理"), (BODY,), "三（一）"),
        Deed("application.look", N_("核对申请线索"), (CANDIDATE, BODY, SCHOOL, EMPLOYER, SYSTEM), "三（一）"),
        Deed("review.set_levels", N_("设定审核级数"), (BODY,), "三（一）"),
        Deed("rollup.open", N_("汇总考生信息"), (BODY,), "四（四）"),
        Deed("rollup.export", N_("导出考生信息"), (CENTRE, BODY), "四（四）"),
        Deed("application.bind", N_("并入认定计划"), (BODY,), "三（四）"),
        Deed("roster.import", N_("导入花名册"), (BODY, SCHOOL, EMPLOYER), "四（四）"),
        Deed("roster.enter", N_("录入花名册人员"), (BODY, SCHOOL, EMPLOYER), "四（四）"),
        Deed("fee.charge", N_("核算认定费"), (BODY,), "三（七）"),
        Deed("fee.pay", N_("登记收款"), (BODY,), "三（七）"),
        Deed("fee.receipt", N_("开具收据"), (BODY,), "三（七）"),
        Deed("fee.refund", N_("登记退款"), (BODY,), "三（七）"),
        Deed("announcement.publish", N_("发布公告"), (CENTRE,)),
        Deed("papers.load_items", N_("载入试题"), (CENTRE, SYSTEM), "四（二）"),
        Deed("papers.draft_request", N_("填写用卷申请"), (BODY,), "四（三）"),
        Deed("papers.change_request", N_("修改用卷申请"), (BODY,), "四（三）"),
        Deed("papers.upload_set", N_("上传命制试题"), (BODY,), "四（二）"),
        Deed("papers.drop_set", N_("撤下命制试题"), (BODY,), "四（二）"),
        Deed("papers.seal", N_("封装试卷"), (CENTRE,), "四（五）"),
        Deed("papers.record_movement", N_("补记台账"), (CENTRE,), "四（五）"),
        Deed("sittings.assign_staff", N_("安排考评监考人员"), (BODY,), "四（七）"),
        Deed("sittings.print_tickets", N_("生成准考证文件"), (BODY,), "四（六）"),
        Deed("sittings.acknowledge", N_("确认到岗任务"), (INVIGILATOR, EXAMINER, INTERNAL), "四（七）"),
        Deed("sittings.unseal", N_("查验封条"), (INVIGILATOR, EXAMINER), "四（五）"),
        Deed("sittings.sign_in", N_("考生签到"), (INVIGILATOR, EXAMINER), "四（七）"),
        Deed("sittings.mark_absent", N_("登记缺考"), (INVIGILATOR, EXAMINER), "四（七）"),
        Deed("sittings.clear_absent", N_("更正缺考登记"), (INVIGILATOR, EXAMINER), "四（七）"),
        Deed("sittings.allow_minutes", N_("补时"), (INVIGILATOR, EXAMINER), "四（七）"),
        Deed("sittings.enter_room", N_("进入考场"), (CANDIDATE, PUBLIC), "四（五）"),
        Deed("sittings.fail_entry", N_("进入考场未成功"), (CANDIDATE, PUBLIC), "四（五）"),
        Deed("sittings.start_paper", N_("开始作答"), (CANDIDATE, PUBLIC), "四（五）"),
        Deed("sittings.save_answers", N_("保存答案"), (CANDIDATE, PUBLIC), "四（五）"),
        Deed("sittings.hand_in", N_("交卷"), (CANDIDATE, PUBLIC), "四（五）"),
        Deed("sittings.enter_mark", N_("技能评分"), (EXAMINER,), "四（七）"),
        Deed("sittings.note_incident", N_("登记考场情况"), (INVIGILATOR, EXAMINER), "四（七）"),
        Deed("sittings.sign_first", N_("填写并签署考场记录"), (INVIGILATOR, EXAMINER), "四（七）"),
        Deed("results.collect", N_("汇总成绩"), (BODY,), "四（八）"),
        Deed("results.enter_mark", N_("登记成绩"), (BODY,), "四（八）"),
        Deed("objection.receive", N_("提出公示异议"), EVERYONE, "四（八）"),
        Deed("amendment.request", N_("申请更正成绩"), (BODY, CENTRE), "四（八）"),
        Deed("amendment.approve", N_("同意更正成绩"), (BODY, CENTRE), "四（八）"),
        Deed("amendment.refuse", N_("不同意更正成绩"), (BODY, CENTRE), "四（八）"),
        Deed("certificates.number", N_("生成证书号"), (CENTRE,), "四（八）"),
        Deed("certificates.keep_copy", N_("生成电子证书文件"), (SYSTEM, CENTRE), "四（八）"),
        Deed("certificates.issue_batch", N_("整批核发证书"), (BODY,), "四（八）"),
        Deed("certificates.reissue", N_("重新核发证书"), (CENTRE,), "四（八）"),
        Deed("certificates.note_hop", N_("登记证书上报进度"), (CENTRE,), "四（八）"),
        Deed("draw.freeze", N_("冻结抽查名单"), (CENTRE,), "四（九）"),
        Deed("draw.draw", N_("双随机抽取"), (CENTRE,), "四（九）"),
        Deed("inspection.save", N_("保存检查记录草稿"), (EXTERNAL,), "四（九）"),
        Deed("inspection.answer", N_("提交整改情况"), (BODY,), "四（九）"),
        Deed("organisation.register", N_("登记机构"), (CENTRE, SYSTEM), "一"),
        Deed("organisation.amend", N_("变更机构信息"), (CENTRE, BODY, SCHOOL, EMPLOYER), "一"),
        Deed("filing.draft", N_("填写备案"), (BODY, CENTRE), "一"),
        Deed("filing.change", N_("修改备案"), (BODY, CENTRE), "一"),
        Deed("body_change.propose", N_("提出机构变更"), (BODY, CENTRE), "一"),
        Deed("filing.remind", N_("备案到期提醒"), (CENTRE, SYSTEM), "一"),
        Deed("annex.check", N_("检查备案目录"), (CENTRE,), "一"),
        Deed("annex.confirm", N_("确认导入备案目录"), (CENTRE,), "一"),
        Deed("roll.import", N_("导入本校学生、本单位员工名单"), (BODY, EMPLOYER), "二"),
        Deed("roll.enter", N_("登记本校学生、本单位员工"), (BODY, EMPLOYER), "二"),
        Deed("roll.change", N_("变更本校学生、本单位员工"), (BODY, EMPLOYER), "二"),
        Deed("venue.add", N_("登记考核场地"), (CENTRE, BODY, SCHOOL, EMPLOYER), "三（五）"),
        Deed("venue.amend", N_("变更考核场地"), (CENTRE, BODY, SCHOOL, EMPLOYER), "三（五）"),
        Deed("room.add", N_("登记考场"), (CENTRE, BODY, SCHOOL, EMPLOYER), "三（五）"),
        Deed("room.amend", N_("变更考场"), (CENTRE, BODY, SCHOOL, EMPLOYER), "三（五）"),
        Deed("equipment.add", N_("登记设备"), (CENTRE, BODY, SCHOOL, EMPLOYER), "三（五）"),
        Deed("equipment.amend", N_("变更设备"), (CENTRE, BODY, SCHOOL, EMPLOYER), "三（五）"),
        Deed("catalogue.load", N_("载入职业目录"), (CENTRE, SYSTEM)),
        Deed("rehearsal.start", N_("试算标准版本"), (CENTRE,), "三（一）"),
        Deed("rehearsal.go_on", N_("继续试算"), (CENTRE, SYSTEM), "三（一）"),
        Deed("occupation.add", N_("登记职业"), (CENTRE,), "一"),
        Deed("occupation.amend", N_("变更职业信息"), (CENTRE,), "一"),
        Deed("standard.draft", N_("起草职业标准版本"), (CENTRE,), "三（一）"),
        Deed("standard.change", N_("修改职业标准草稿"), (CENTRE,), "三（一）"),
        Deed("standard.set_route", N_("调整申报条件"), (CENTRE,), "三（一）"),
        Deed("standard.remove_route", N_("删除申报条件"), (CENTRE,), "三（一）"),
        Deed("standard.restore_route", N_("恢复模板申报条件"), (CENTRE,), "三（一）"),
        Deed("calendar.set_day", N_("设定工作日历"), (CENTRE,)),
        Deed("calendar.remove_day", N_("撤销日历设定"), (CENTRE,)),
        Deed("parameter.set", N_("修改默认参数"), (CENTRE,)),
        Deed("fee_table.add", N_("录入收费标准"), (CENTRE,), "三（七）"),
        Deed("request.draft", N_("填写安排申请"), (SCHOOL, EMPLOYER), "三（四）"),
        Deed("request.change", N_("修改安排申请"), (SCHOOL, EMPLOYER), "三（四）"),
        Deed("venue_review.draft", N_("填写场地清单"), (SCHOOL, EMPLOYER), "三（五）"),
        Deed("venue_review.attach", N_("上传场地照片"), (SCHOOL, EMPLOYER), "三（五）"),
        Deed("venue_review.detach", N_("移除场地照片"), (SCHOOL, EMPLOYER), "三（五）"),
        Deed("venue_review.judge", N_("填写逐项意见"), (BODY,), "三（五）"),
        Deed("plan.draft", N_("填写认定计划"), (BODY, SCHOOL, EMPLOYER), "三（三）"),
        Deed("plan.change", N_("修改认定计划"), (BODY,), "三（三）"),
        Deed("plan_change.propose", N_("申请计划改期或变更"), (BODY,), "三（三）"),
        Deed("plan.copy", N_("复制认定计划"), (BODY,), "三（三）"),
        Deed("demonstration.step", N_("演示步骤"), (SYSTEM,)),
    )
}
