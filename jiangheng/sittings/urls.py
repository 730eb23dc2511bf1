"""Names of this room's pages."""

from django.urls import path

from jiangheng import screens
from jiangheng.sittings.steps import STEPS
from jiangheng.sittings.views import body, meetings, printed, staffing

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
    path("plans/<int:plan_id>/staffing/", staffing.desk, name="staffing"),
    path("staffing/<int:proposal_id>/", staffing.proposal, name="proposal"),
    path("staffing/<int:proposal_id>/adopt/", staffing.adopt, name="adopt"),
    path("staffing/<int:proposal_id>/<slug:name>.json", staffing.proposal_file, name="proposal_file"),
    path("packs/<int:pack_id>/", printed.pack_detail, name="pack_detail"),
    path("plans/<int:plan_id>/brief/", body.brief, name="brief"),
    path("plans/<int:plan_id>/meetings/new/", meetings.call, name="call_meeting"),
    path("meetings/<int:meeting_id>/", meetings.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/edit/", meetings.amend, name="amend_meeting"),
    path("meetings/<int:meeting_id>/hold/", meetings.hold, name="hold_meeting"),
    path("meetings/<int:meeting_id>/remind/", meetings.remind, name="remind"),
    path("meetings/<int:meeting_id>/people/<int:account_id>/", meetings.by_hand, name="by_hand"),
    path("meetings/<int:meeting_id>/people/<int:account_id>/withdraw/", meetings.withdraw, name="withdraw_attendance"),
    path("attend/", meetings.attend, name="attend"),
    path("attend/<str:token>/", meetings.attend, name="attend_by_token"),
    path("plans/<int:plan_id>/rows/<int:row_id>/<slug:subject>/", body.arrange, name="arrange"),
    path("tickets/<int:application_id>/", body.ticket, name="ticket"),
    path("<int:sitting_id>/", body.detail, name="detail"),
    path("<int:sitting_id>/documents/<slug:name>/", printed.sitting_document, name="sitting_document"),
    path("<int:sitting_id>/staff/", body.staff, name="staff"),
    path("<int:sitting_id>/draw/", body.draw_rooms, name="draw_rooms"),
    *screens.addresses(*STEPS),
]
