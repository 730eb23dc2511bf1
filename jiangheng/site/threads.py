"""Where each kind of record lives: who may see it and the page that shows it."""

from jiangheng.journal.threads import Thread
from jiangheng.rules.words import gettext_noop as N_

THREADS = (
    Thread("organisation", N_("机构"), "jiangheng.bodies.queries.visible_to", "bodies:detail"),
    Thread("filing", N_("机构备案"), "jiangheng.bodies.queries.filings_visible_to", "bodies:filing_detail"),
    Thread("request", N_("安排申请"), "jiangheng.plans.queries.requests_visible_to", "plans:request_detail"),
    Thread("venue_review", N_("异地场地审核"), "jiangheng.plans.queries.reviews_visible_to", "plans:review_detail"),
    Thread("plan", N_("认定计划"), "jiangheng.plans.queries.visible_to", "plans:detail"),
    Thread(
        "application",
        N_("个人申请"),
        "jiangheng.applications.queries.visible_to",
        "applications:detail",
        waiting="jiangheng.applications.queries.waiting",
    ),
    Thread("paper_request", N_("用卷申请"), "jiangheng.papers.queries.visible_to", "papers:detail"),
    Thread("sitting", N_("考试场次"), "jiangheng.sittings.queries.visible_to", "sittings:detail"),
    Thread("result_batch", N_("成绩批次"), "jiangheng.results.queries.visible_to", "results:detail"),
    Thread("objection", N_("公示异议"), "jiangheng.results.queries.objections_visible_to", "results:objection_detail"),
    Thread(
        "certificate",
        N_("证书"),
        "jiangheng.certificates.queries.visible_to",
        "certificates:detail",
        "jiangheng.certificates.queries.threads",
    ),
    Thread("inspection", N_("督导检查"), "jiangheng.oversight.queries.visible_to", "oversight:inspection_detail"),
    Thread("draw", N_("双随机抽取"), "jiangheng.oversight.queries.draws_visible_to", "oversight:draw_detail"),
    Thread("roster", N_("花名册"), "jiangheng.applications.queries.rosters_visible_to"),
    Thread("paperset", N_("试卷套"), "jiangheng.papers.queries.sets_visible_to"),
    Thread("item", N_("试题"), "jiangheng.papers.queries.items_visible_to"),
    Thread("result", N_("成绩"), "jiangheng.results.queries.results_visible_to"),
    Thread("charge", N_("收费"), "jiangheng.fees.queries.visible_to"),
    Thread("payment", N_("缴费"), "jiangheng.fees.queries.payments_visible_to"),
    Thread("receipt", N_("收据"), "jiangheng.fees.queries.receipts_visible_to"),
    Thread("venue", N_("考核场地"), "jiangheng.bodies.queries.venues_visible_to"),
    Thread("room", N_("考场"), "jiangheng.bodies.queries.rooms_visible_to"),
    Thread("equipment", N_("设备"), "jiangheng.bodies.queries.equipment_visible_to"),
    Thread("seat", N_("考生座位"), "jiangheng.sittings.queries.seats_visible_to"),
    Thread("ticket", N_("准考证"), "jiangheng.sittings.queries.tickets_visible_to"),
    Thread("account", N_("账号"), "jiangheng.people.queries.visible_to", "people:account"),
    Thread("staffcard", N_("证卡"), "jiangheng.people.queries.cards_visible_to", "people:card"),
    Thread("standard", N_("职业标准版本"), "jiangheng.catalog.queries.versions_visible_to", "catalog:standard"),
    Thread("announcement", N_("通知公告"), "jiangheng.site.queries.visible_to", "portal:notice"),
)
