"""Names of this room's pages."""

from django.urls import path

from jiangheng.sittings.views import body, duty, printed, room, signing_in

app_name = "sittings"
urlpatterns = [
    path("", body.sittings, name="list"),
    path("plans/", body.plans, name="plans"),
    path("plans/<int:plan_id>/", body.plan, name="plan"),
    path("plans/<int:plan_id>/tickets/", body.issue_tickets, name="issue_tickets"),
    path("plans/<int:plan_id>/tickets/print/", body.print_tickets, name="print_tickets"),
    path("plans/<int:plan_id>/documents/", printed.documents, name="documents"),
    path("plans/<int:plan_id>/documents/<slug:name>/", printed.plan_document, name="plan_document"),
    path("plans/<int:plan_id>/sign-in-full/", printed.sign_in_full, name="sign_in_full"),
    path("plans/<int:plan_id>/packs/", printed.pack, name="pack"),
    path("plans/<int:plan_id>/exception/", printed.exception, name="exception"),
    path("packs/<int:pack_id>/", printed.pack_detail, name="pack_detail"),
    path("plans/<int:plan_id>/brief/", body.brief, name="brief"),
    path("plans/<int:plan_id>/rows/<int:row_id>/<slug:subject>/", body.arrange, name="arrange"),
    path("tickets/<int:application_id>/", body.ticket, name="ticket"),
    path("board/", signing_in.board, name="board"),
    path("mine/", duty.mine, name="mine"),
    path("room/", room.enter, name="room"),
    path("room/paper/", room.paper, name="paper"),
    path("room/save/", room.save, name="save"),
    path("room/state/", room.state, name="state"),
    path("room/hand-in/", room.hand_in, name="hand_in"),
    path("<int:sitting_id>/", body.detail, name="detail"),
    path("<int:sitting_id>/documents/<slug:name>/", printed.sitting_document, name="sitting_document"),
    path("<int:sitting_id>/staff/", body.staff, name="staff"),
    path("<int:sitting_id>/draw/", body.draw_rooms, name="draw_rooms"),
    path("<int:sitting_id>/rearrange/", body.rearrange, name="rearrange"),
    path("<int:sitting_id>/cancel/", body.cancel, name="cancel"),
    path("<int:sitting_id>/duty/", duty.duty, name="duty"),
    path("<int:sitting_id>/acknowledge/", duty.acknowledge, name="acknowledge"),
    path("<int:sitting_id>/unseal/", duty.unseal, name="unseal"),
    path("<int:sitting_id>/open/", duty.open_sitting, name="open"),
    path("<int:sitting_id>/close/", duty.close, name="close"),
    path("<int:sitting_id>/sign/", duty.sign, name="sign"),
    path("<int:sitting_id>/desk/", signing_in.desk, name="desk"),
    path("<int:sitting_id>/desk/queue/", signing_in.desk_queue, name="desk_queue"),
    path("<int:sitting_id>/marks/", duty.marks, name="marks"),
    path("<int:sitting_id>/incident/", duty.incident, name="incident"),
    path("<int:sitting_id>/evidence/<int:evidence_id>/", duty.evidence, name="evidence"),
    path("<int:sitting_id>/extra/", duty.extra, name="extra"),
    path("<int:sitting_id>/record/", duty.record, name="record"),
]
