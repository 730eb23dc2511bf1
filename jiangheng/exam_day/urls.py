"""Names of this room's pages; they stand below /sittings/, as printed on what hangs in the rooms."""

from django.urls import path

from jiangheng.exam_day.views import duty, room, signing_in

app_name = "exam_day"
urlpatterns = [
    path("board/", signing_in.board, name="board"),
    path("mine/", duty.mine, name="mine"),
    path("room/", room.enter, name="room"),
    path("room/paper/", room.paper, name="paper"),
    path("room/save/", room.save, name="save"),
    path("room/state/", room.state, name="state"),
    path("room/hand-in/", room.hand_in, name="hand_in"),
    path("<int:sitting_id>/duty/", duty.duty, name="duty"),
    path("<int:sitting_id>/acknowledge/", duty.acknowledge, name="acknowledge"),
    path("<int:sitting_id>/unseal/", duty.unseal, name="unseal"),
    path("<int:sitting_id>/desk/", signing_in.desk, name="desk"),
    path("<int:sitting_id>/desk/queue/", signing_in.desk_queue, name="desk_queue"),
    path("<int:sitting_id>/marks/", duty.marks, name="marks"),
    path("<int:sitting_id>/incident/", duty.incident, name="incident"),
    path("<int:sitting_id>/evidence/<int:evidence_id>/", duty.evidence, name="evidence"),
    path("<int:sitting_id>/extra/", duty.extra, name="extra"),
    path("<int:sitting_id>/record/", duty.record, name="record"),
]
