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
        Deed("account.open", N_("开立账号"), (CENTRE, BODY, SCHOOL, EMPLOYER, SYSTEM, PUBLIC)),
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
        Deed("identity.reveal", N_("查看完整证件号码"), (CENTRE, BODY, SCHOOL, EMPLOYER, SYSTEM)),
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
        Deed("announcement.publish", N_("发布公告"), (CENTRE,)),
    )
}
