"""Where each kind of record lives: who may see it and the page that shows it."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind("organisation", N_("机构"), "jiangheng.bodies.queries.visible_to", "bodies:detail"),
    RecordKind("filing", N_("机构备案"), "jiangheng.bodies.queries.filings_visible_to", "bodies:filing_detail"),
    RecordKind("body_change", N_("机构变更申请"), "jiangheng.bodies.queries.changes_visible_to", "bodies:change"),
    RecordKind("identity_merge", N_("证件归并"), "jiangheng.people.queries.merges_visible_to", "people:merge"),
    RecordKind("annex_import", N_("备案目录导入"), "jiangheng.bodies.queries.annexes_visible_to"),
    RecordKind("request", N_("安排申请"), "jiangheng.plans.queries.requests_visible_to", "plans:request_detail"),
    RecordKind("venue_review", N_("异地场地审核"), "jiangheng.plans.queries.reviews_visible_to", "plans:review_detail"),
    RecordKind("plan_change", N_("计划改期和变更"), "jiangheng.plans.queries.changes_visible_to", "plans:plan_change"),
    RecordKind("plan", N_("认定计划"), "jiangheng.plans.queries.visible_to", "plans:detail"),
    RecordKind(
        "application",
        N_("个人申请"),
        "jiangheng.applications.queries.visible_to",
        "applications:detail",
        waiting="jiangheng.applications.queries.waiting",
    ),
    RecordKind("need", N_("特殊需要"), "jiangheng.applications.queries.needs.visible_to"),
    RecordKind("paper_request", N_("用卷申请"), "jiangheng.papers.queries.visible_to", "papers:detail"),
    RecordKind("sitting", N_("考试场次"), "jiangheng.sittings.queries.visible_to", "sittings:detail"),
    RecordKind("meeting", N_("考务会议"), "jiangheng.sittings.queries.meetings_visible_to", "sittings:meeting"),
    RecordKind("result_batch", N_("成绩批次"), "jiangheng.results.queries.visible_to", "results:detail"),
    RecordKind(
        "objection", N_("公示异议"), "jiangheng.results.queries.objections_visible_to", "results:objection_detail"
    ),
    RecordKind(
        "certificate",
        N_("证书"),
        "jiangheng.certificates.queries.visible_to",
        "certificates:detail",
        "jiangheng.certificates.queries.threads",
    ),
    RecordKind("inspection", N_("督导检查"), "jiangheng.oversight.queries.visible_to", "oversight:inspection_detail"),
    RecordKind("draw", N_("双随机抽取"), "jiangheng.oversight.queries.draws_visible_to", "oversight:draw_detail"),
    RecordKind(
        "candidate_report",
        N_("考生信息汇总"),
        "jiangheng.applications.queries.candidate_reports.visible_to",
        "applications:candidate_report",
    ),
    RecordKind("roster", N_("花名册"), "jiangheng.applications.queries.rosters_visible_to", "applications:roster"),
    RecordKind("paperset", N_("试卷套"), "jiangheng.papers.queries.sets_visible_to"),
    RecordKind("item", N_("试题"), "jiangheng.papers.queries.items_visible_to"),
    RecordKind("result", N_("成绩"), "jiangheng.results.queries.results_visible_to"),
    RecordKind("charge", N_("收费"), "jiangheng.fees.queries.visible_to", waiting="jiangheng.fees.queries.waiting"),
    RecordKind("bill", N_("团体账单"), "jiangheng.fees.queries.bills_visible_to", "fees:bill"),
    RecordKind("payment_order", N_("缴费单"), "jiangheng.fees.queries.orders_visible_to", "fees:order"),
    RecordKind("payment", N_("缴费"), "jiangheng.fees.queries.payments_visible_to", "fees:payment"),
    RecordKind(
        "refund_request", N_("退费申请"), "jiangheng.fees.queries.refund_requests_visible_to", "fees:refund_detail"
    ),
    RecordKind("statement", N_("对账单"), "jiangheng.fees.queries.statements_visible_to", "fees:statement"),
    RecordKind("statement_match", N_("对账认领"), "jiangheng.fees.queries.matches_visible_to"),
    RecordKind("receipt", N_("收据"), "jiangheng.fees.queries.receipts_visible_to"),
    RecordKind("venue", N_("考核场地"), "jiangheng.bodies.queries.venues_visible_to"),
    RecordKind("room", N_("考场"), "jiangheng.bodies.queries.rooms_visible_to"),
    RecordKind("equipment", N_("设备"), "jiangheng.bodies.queries.equipment_visible_to"),
    RecordKind("seat", N_("考生座位"), "jiangheng.sittings.queries.seats_visible_to"),
    RecordKind("ticket", N_("准考证"), "jiangheng.sittings.queries.tickets_visible_to"),
    RecordKind("account", N_("账号"), "jiangheng.people.queries.visible_to", "people:account"),
    RecordKind("staffcard", N_("证卡"), "jiangheng.people.queries.cards_visible_to", "people:card"),
    RecordKind("standard", N_("职业标准版本"), "jiangheng.catalog.queries.versions_visible_to", "catalog:standard"),
    RecordKind(
        "affiliation",
        N_("本校学生、本单位员工"),
        "jiangheng.people.queries.affiliations_visible_to",
        "people:membership_list_entry",
    ),
    RecordKind("calendar_change", N_("日历变更"), "jiangheng.calendar.queries.changes_visible_to", "calendar:redated"),
    RecordKind("announcement", N_("通知公告"), "jiangheng.site.queries.visible_to", "portal:notice"),
)
