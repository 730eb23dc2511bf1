"""Every fault a roster can have (四（四）): its code, its weight, what it is called and the sentence that says how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jiangheng.rules.words import gettext_noop as N_

ERROR, WARNING = "error", "warning"

WHOLE = 0
"""The row of a fault that concerns the workbook as a whole."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault; ``message`` may name values as ``%(name)s``."""

    code: str
    severity: str
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault at a worksheet row (as numbered on the sender's screen) and column; errors stop the import, warnings do
    not. ``letter`` is the column's letter in the sheet, empty where the sheet has no such column.
    """

    row: int
    column: str
    severity: str
    code: str
    message: str
    params: dict[str, str | int] = field(default_factory=dict)
    letter: str = ""

    def sentence(self, translate: Any = lambda text: text) -> str:
        """The message in the language of ``translate``."""
        return filled(self.message, self.params, translate)


def filled(message: str, params: Mapping[str, Any], translate: Any = lambda text: text) -> str:
    """A message with its places, words among them in the language of ``translate``; ``said`` is a sentence within it."""
    if not params:
        return str(translate(message))
    places = {name: translate(value) if isinstance(value, str) and value else value for name, value in params.items()}
    if "said" in places:
        places["said"] = str(places["said"]) % places
    return str(translate(message)) % places


def fault(row: int, column: str, code: str, *, letter: str = "", **params: str | int) -> RowFault:
    """A fault of a known kind."""
    kind = KINDS[code]
    return RowFault(row, column, kind.severity, code, kind.message, params, letter)


_SHEET = (
    ("sheet.chosen", WARNING, N_("读取的不是第一张表"), N_("读取的是工作表“%(sheet)s”，因为第一张表不是花名册；请核对是否正确。")),
    ("sheet.extra", WARNING, N_("另有工作表"), N_("工作表“%(sheet)s”没有读取；如其中有考生，请并入花名册所在的表。")),
    ("sheet.hidden", WARNING, N_("隐藏的工作表"), N_("工作表“%(sheet)s”被隐藏，没有读取；请取消隐藏核对后删去。")),
    ("sheet.roster", ERROR, N_("不止一张花名册"), N_("工作表“%(sheet)s”也是花名册；请并入一张表，或分成两份文件上传。")),
    ("sheet.date1904", WARNING, "1904日期系统", N_("工作簿使用1904日期系统，日期已按该系统换算；请抽查几行。")),
    ("header.place", WARNING, N_("表头不在第1行"), N_("表头在第%(at)s行，以上各行没有读取；请删去表头以上的行。")),
    ("header.synonym", WARNING, N_("表头写法不同"), N_("已按“%(wanted)s”读取；请把表头改回“%(wanted)s”。")),
    ("header.hint", WARNING, N_("表头带有说明"), N_("表头带有说明文字，已按“%(wanted)s”读取，无须修改。")),
    ("header.repeated", WARNING, N_("表头重复出现"), N_("这一行又是表头，没有读取；请删去这一行。")),
    ("header.other", ERROR, N_("中途换了表头"), N_("这一行是列次序不同的另一个表头，以下各行无法按原表头读取；请把各段按同一表头整理后再上传。")),
    ("header.renamed", ERROR, N_("表头被改名"), N_("模板没有这一列，应为“%(wanted)s”；请把表头改回“%(wanted)s”。")),
    ("header.doubled", ERROR, N_("表头重复"), N_("与%(other)s列重复；请删去其中一列。")),
    ("header.missing", ERROR, N_("缺少必填列"), N_("模板中的必填列“%(wanted)s”不见了；请从模板补上这一列并填写。")),
    ("header.absent", WARNING, N_("缺少选填列"), N_("模板中的“%(wanted)s”列不见了，按全部未填处理；如需填写请从模板补上。")),
    ("header.unknown", WARNING, N_("模板以外的列"), N_("不是模板的列，没有读取；不需要时请删去。")),
    ("header.reordered", WARNING, N_("列的次序不同"), N_("从这一列起次序与模板不同，已按表头读取；请恢复模板的次序。")),
    ("row.hidden", WARNING, N_("隐藏的行"), N_("第%(first)s至%(last)s行被隐藏或筛选掉，同样会导入；请取消隐藏核对。")),
    ("column.hidden", WARNING, N_("隐藏的列"), N_("这一列被隐藏，内容同样会导入；请取消隐藏核对。")),
    ("serial.duplicate", WARNING, N_("序号重复"), N_("与第%(other)s行序号相同；请核对是否重复填写。")),
    ("row.struck", WARNING, N_("带删除线的行"), N_("文字带有删除线，仍照常读取；已作废的请删去文字或整行。")),
    ("sheet.photos", WARNING, N_("表中有考生照片"), N_("从这里起有%(count)s张图片在考生所在的行，导入时作为该行考生的照片，与另传的照片同样核对。")),
    ("sheet.pictures", WARNING, N_("表中有图片"), N_("从这里起有%(count)s张图片，不知是谁的，没有读取；请放到考生所在的行，或以证件号码命名压缩上传。")),
    ("cell.comment", WARNING, N_("单元格有批注"), N_("有批注“%(text)s”，批注没有读取；如改变了内容，请改到格内。")),
    ("row.note", WARNING, N_("合计或说明行"), N_("像是合计或说明，不是考生，没有读取；请删去这一行。")),
    ("row.example", ERROR, N_("示例行没有删去"), N_("这是填写示例；请删去这一行。")),
    ("cell.merged", ERROR, N_("合并单元格"), N_("与%(to)s合并（第%(first)s至%(last)s行），只有左上角一格有内容；请取消合并，逐格填写。")),
    ("cell.formula", ERROR, N_("单元格是公式"), N_("内容是公式；请复制后“选择性粘贴”为数值或文字。")),
    ("cell.error", ERROR, N_("公式出错"), N_("单元格显示%(text)s；请改为应有的内容。")),
    ("cell.outside", WARNING, N_("表头之外的内容"), N_("这一格没有表头，没有读取；请删去，或移到应在的列。")),
)  # read as a table  # fmt: skip
_TEXT = (
    ("text.control", ERROR, N_("控制字符"), N_("含有不可见的控制字符；请删除后重新填写。")),
    ("text.garbled", ERROR, N_("乱码"), N_("有文字已成乱码；请对照原件重新填写，另存为 xlsx 后上传。")),
    ("text.formula", WARNING, N_("以等号开头"), N_("以等号开头，已按文字读取；如原是公式，请改为它的结果。")),
    ("text.mark", WARNING, N_("文本标记"), N_("撇号、引号、制表符等文本标记已去掉，无须修改。")),
    ("text.long", ERROR, N_("文字过长"), N_("超过%(longest)s个字；请缩短。")),
    ("text.spaces", WARNING, N_("首尾空格"), N_("首尾的空格已去掉，无须修改。")),
    ("text.fullwidth", WARNING, N_("全角数字或字母"), N_("全角数字、字母已转为半角，无须修改。")),
    ("text.invisible", WARNING, N_("不可见字符"), N_("零宽等不可见字符已去掉，无须修改。")),
    ("number.lost", ERROR, N_("长号码丢失末位"), N_("该单元格是数值格式，末尾数字已丢失；请把整列设为文本后按原件重新填写。")),
    ("required", ERROR, N_("必填项未填"), N_("必填，不能为空；请补填。")),
    ("code.unknown", ERROR, N_("不在可选值中"), N_("“%(text)s”不在可选值中；最接近的是“%(near)s”，请核对后从可选值里选择。")),
    ("date.none", ERROR, N_("不是有效日期"), N_("“%(text)s”不是有效日期；请写成 1990-01-31 的样子。")),
    ("date.year", ERROR, N_("年份不足四位"), N_("“%(text)s”的年份不足四位；请写成 1990-01-31 的样子。")),
    ("date.order", ERROR, N_("日期次序不明"), N_("“%(text)s”分不清月和日；请按年-月-日写成 1990-01-31 的样子。")),
    ("date.october", ERROR, N_("一月还是十月不明"), N_("“%(text)s”可能是1月，也可能是10月（数值末尾的0会丢失）；请写成 2012-01 或 2012-10，该列设为文本。")),
    ("date.time", ERROR, N_("日期带有时刻"), N_("“%(text)s”带有时刻，分不清是哪一天；请只写日期，如 1990-01-31。")),
    ("date.day", ERROR, N_("日期不全"), N_("“%(text)s”没有写全年月日；请写成 1990-01-31 的样子。")),
    ("date.future", ERROR, N_("日期在今天之后"), N_("日期%(text)s在今天之后；请核对后更正。")),
    ("date.old", ERROR, N_("日期过早"), N_("日期%(text)s早于1900年；请核对后更正。")),
    ("date.month", WARNING, N_("日期没有日"), N_("只写了年月，已按%(text)s读取；请补上日。")),
    ("date.text", WARNING, N_("日期写法不同"), N_("已按%(text)s读取，无须修改。")),
    ("date.serial", WARNING, N_("日期是数值"), N_("单元格是数值，已按日期%(text)s读取；请把该列设为日期格式后核对。")),
)  # read as a table  # fmt: skip
_PERSON = (
    ("identity.kind", ERROR, N_("证件类型不明"), N_("证件类型不在可选值中；请从居民身份证、护照等可选值里选择。")),
    ("identity.blank", ERROR, N_("证件号码为空"), N_("证件号码没有可用的字符；请按证件原件填写。")),
    ("identity.shape", ERROR, N_("证件号码位数或格式不对"), N_("“%(kind)s”的号码应为%(wanted)s，所填为%(got)s位；请对照原件更正。")),
    ("identity.other_kind", ERROR, N_("证件类型与号码不符"), N_("证件号码像是“%(looks)s”的号码，与所填证件类型“%(kind)s”不符；请对照原件更正其中一项。")),
    ("identity.corrected", WARNING, N_("证件类型已更正"), N_("证件类型已按号码改为“%(kind)s”；请对照原件核对。")),
    ("identity.date", ERROR, N_("号码中的生日不存在"), N_("证件号码中的出生日期不存在；请对照原件逐位核对。")),
    ("identity.future", ERROR, N_("号码中的生日不合理"), N_("证件号码中的出生日期不合理；请对照原件逐位核对。")),
    ("identity.check_digit", ERROR, N_("证件号码校验位不对"), N_("证件号码校验位不对，至少有一位填错；请对照原件逐位核对。")),
    ("identity.normalised", WARNING, N_("证件号码已整理"), N_("全角、空格、标点等已按标准写法整理，无须修改。")),
    ("identity.upgraded", WARNING, N_("15位号码"), N_("15位的旧证已停用，号码已换算为18位；请对照现用证件核对。")),
    ("identity.place", WARNING, N_("号码地区代码查不到"), N_("号码开头的地区代码查不到；请对照原件核对。")),
    ("identity.duplicate", ERROR, N_("证件号码重复"), N_("与第%(other)s行是同一人（证件号码相同）；请删去重复的一行，或更正号码。")),
    ("identity.name_differs", ERROR, N_("号码已登记为他名"), N_("此证件号码已登记，但姓名不同；请对照原件核对姓名和号码，本人已更名的到市鉴定中心办理变更。")),
    ("sex.disagrees", ERROR, N_("性别与证件不符"), N_("性别与证件号码不一致，证件号码显示为%(told)s；请核对后更正。")),
    ("born.disagrees", ERROR, N_("出生日期与证件不符"), N_("出生日期与证件号码不一致，证件号码显示为%(told)s；请核对后更正。")),
    ("age.young", WARNING, N_("年龄偏小"), N_("今天未满%(age)s周岁；请核对出生日期。")),
    ("age.old", WARNING, N_("年龄偏大"), N_("已满%(age)s周岁；请核对出生日期。")),
    ("age.student", WARNING, N_("年龄与在校不相称"), N_("考生来源是学校，年龄为%(age)s岁；请核对考生来源和出生日期。")),
    ("name.long", ERROR, N_("姓名过长"), N_("姓名过长；请按身份证件上的姓名填写。")),
    ("name.digits", ERROR, N_("姓名含数字"), N_("姓名第%(position)s个字是数字；请按身份证件上的姓名填写。")),
    ("name.character", ERROR, N_("姓名含不可用的字"), N_("姓名第%(position)s个字不能用于姓名；请按身份证件上的姓名填写。")),
    ("name.dot", ERROR, N_("间隔号不对"), N_("姓名第%(position)s个字不是间隔号；两部分之间请用“·”。")),
    ("name.latin", ERROR, N_("姓名不是汉字"), N_("居民身份证上的姓名是汉字；请按证件填写姓名，或更正证件类型。")),
    ("name.normalised", WARNING, N_("姓名已整理"), N_("已按“%(text)s”读取：去掉了空格、换行、不可见字符，或统一了间隔号、撇号；无须修改。")),
    ("name.private", WARNING, N_("姓名含自造字"), N_("姓名第%(position)s个字是本机自造字，别处不能显示；请改用国家标准GB 18030中的字。")),
    ("name.placeholder", WARNING, N_("像是示例姓名"), N_("“%(text)s”常见于填写示例；如是示例请删去这一行。")),
    ("phone.shape", ERROR, N_("手机号码格式不对"), N_("手机号码应为11位数字、以13至19开头；请更正。")),
    ("phone.abroad", ERROR, N_("不是内地手机号码"), N_("%(place)s的手机号码收不到考试通知；请填写内地手机号码，没有的填写报名单位联系人的手机号码。")),
    ("phone.normalised", WARNING, N_("手机号码已整理"), N_("已按%(text)s读取：去掉了+86、空格、标点，或转为半角；无须修改。")),
    ("phone.shared", WARNING, N_("手机号码相同"), N_("与第%(other)s行的手机号码相同；请核对，考试通知发到本人手机。")),
    ("email.shape", ERROR, N_("电子邮箱格式不对"), N_("电子邮箱格式不对；请写成 name@example.com 的样子，没有可不填。")),
    ("postcode.shape", ERROR, N_("邮政编码格式不对"), N_("邮政编码应为6位数字；请更正，没有可不填。")),
    ("delivery.address", ERROR, N_("邮寄地址未填"), N_("领取方式为邮寄，本列必填；请补填，或改为自取。")),
)  # read as a table  # fmt: skip
_CLAIM = (
    ("occupation.scope", ERROR, N_("职业（工种）不在范围内"), N_("“%(text)s”不在本次申请的职业（工种）范围内；请填写%(wanted)s，或另报对应批次。")),
    ("occupation.spaces", WARNING, N_("职业名称中有空格"), N_("职业（工种）名称中间有空格，已按“%(text)s”读取；请删去空格。")),
    ("level.unknown", ERROR, N_("等级不明"), N_("“%(text)s”不是有效等级；请填5、4、3、2或1。")),
    ("level.other", ERROR, N_("等级与批次不符"), N_("与本次申请的等级（%(wanted)s）不一致；请更正，或另报对应批次。")),
    ("line.none", ERROR, N_("计划没有此职业等级"), N_("本计划没有这个职业（工种）和等级的组合；请核对后更正。")),
    ("route.unknown", ERROR, N_("申报条件编号不明"), N_("“%(text)s”不是申报条件的编号；请写成%(wanted)s的样子。")),
    ("route.ruleset", ERROR, N_("申报条件不是现行标准的"), N_("“%(text)s”属于另一版标准，本批次适用的编号形如%(wanted)s；请按现行标准重选。")),
    ("route.removed", ERROR, N_("申报条件已不适用"), N_("“%(text)s”已不适用于本职业，现行标准没有这一条；请按现行标准重选，编号形如%(wanted)s。")),
    ("route.level", ERROR, N_("申报条件是其他等级的"), N_("“%(text)s”是其他等级的申报条件；请改选本等级的编号，形如%(wanted)s。")),
    ("route.facts", WARNING, N_("本行内容不符合申报条件"), N_("按申报条件%(route)s：%(said)s；请核对本列和申报条件。")),
    ("route.other", WARNING, N_("申报条件选得不对"), N_("本行内容不符合申报条件%(route)s（%(said)s），符合%(other)s；请核对后改选。")),
    ("route.date", WARNING, N_("申报条件被变成日期"), N_("表格程序把编号变成了日期，已按“%(text)s”读取；请把该列设为文本。")),
    ("recognition.disagrees", WARNING, N_("认定分类与证书不符"), N_("填了“%(text)s”，与是否有证书不相称；请核对。")),
    ("certificate.blank", ERROR, N_("证书等级或编号未填"), N_("已填有证书，本列必填；请按证书补填。")),
    ("certificate.contradiction", ERROR, N_("是否有证书前后矛盾"), N_("填了证书编号，却写“否”；请改为“是”，或删去证书编号。")),
    ("certificate.legacy", WARNING, N_("证书编号格式不识别"), N_("证书编号不是现行或原职业资格的编号格式，按原样保留，须人工核对。")),
    ("certificate.impossible", ERROR, N_("证书编号不可能"), N_("%(said)s")),
    ("certificate.doubtful", WARNING, N_("证书编号可疑"), N_("%(said)s")),
    ("certificate.normalised", WARNING, N_("证书编号已整理"), N_("已按%(text)s读取：去掉了空格、横线或“证书编号：”等字样；无须修改。")),
    ("certificate.future", ERROR, N_("证书年份在今年之后"), N_("证书编号中的年份在今年之后；请对照证书核对。")),
    ("certificate.level", ERROR, N_("证书等级与编号不符"), N_("证书等级与证书编号中的等级（%(told)s）不一致；请对照证书更正。")),
    ("certificate.duplicate", ERROR, N_("证书编号重复"), N_("与第%(other)s行证书编号相同；一证一号，请对照证书更正。")),
    ("certificate.higher", WARNING, N_("已有同级或更高证书"), N_("所持证书不低于本次申报的等级；请核对是否需要再次申报。")),
    ("certificate.young", ERROR, N_("证书年份早于可能"), N_("按证书编号，取证时未满%(age)s周岁；请对照证书和身份证件核对。")),
    ("diploma.future", ERROR, N_("学历证书年份在今年之后"), N_("学历证书编号中的年份在今年之后；请对照证书核对。")),
    ("diploma.length", WARNING, N_("学历证书编号位数不对"), N_("高等教育学历证书编号应为17或18位数字，所填为%(got)s位；请对照证书核对。")),
    ("diploma.age", ERROR, N_("毕业年份早于可能"), N_("按学历证书编号，%(year)s年毕业，与出生日期不相称；请对照证书核对。")),
    ("source.unit", WARNING, N_("所在单位未填"), N_("考生来源为企业、机关或学校时应填所在单位；请补填。")),
    ("work.too_young", ERROR, N_("参加工作过早"), N_("参加工作时未满%(age)s周岁；请核对后更正。")),
    ("years.number", ERROR, N_("专业年限不是数"), N_("专业年限应为0至60的数；请只填数字。")),
    ("years.age", ERROR, N_("专业年限超过可能"), N_("专业年限超过按年龄可能的年数；请核对后更正。")),
    ("years.began", WARNING, N_("专业年限长于工龄"), N_("专业年限长于参加工作以来的时间；请核对。")),
    ("experience.future", ERROR, N_("经历在今天之后"), N_("经历“%(text)s”在今天之后；请更正。")),
    ("experience.birth", ERROR, N_("经历早于出生"), N_("经历“%(text)s”早于出生日期；请更正。")),
    ("experience.order", ERROR, N_("经历起止颠倒"), N_("经历“%(text)s”的止早于起；请更正。")),
    ("service.students", ERROR, N_("不是本校学生"), N_("技工院校面向本校学生开展认定，此人的考生来源或所在单位不是本校学生；请核对这两列。")),
    ("service.staff", ERROR, N_("不是本单位员工"), N_("用人单位面向本单位员工开展认定，此人的所在单位不是本单位；请核对这一列。")),
    ("application.differs", ERROR, N_("已在本批次且内容不同"), N_("该考生已在本批次中且内容不同；如要改写请选“覆盖”，如要保留请选“跳过”。")),
    ("application.accepted", ERROR, N_("已受理，不能覆盖"), N_("该考生已受理，不能覆盖；如需更正请联系认定机构。")),
    ("application.elsewhere", WARNING, N_("另一批次已有申请"), N_("此人在另一批次有同职业同等级的申请；请与本人核实。")),
)  # read as a table  # fmt: skip
UNLISTED = N_("“%(text)s”不在可选值中；请从可选值里选择。")
"""What ``code.unknown`` says where no value is written nearly alike, or where likeness of letters means nothing."""

KINDS: Mapping[str, Kind] = {
    code: Kind(code, severity, title, message)
    for code, severity, title, message in (*_SHEET, *_TEXT, *_PERSON, *_CLAIM)
}
"""Every kind by its code."""
