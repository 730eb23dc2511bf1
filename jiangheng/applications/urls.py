"""Names of this room's pages."""

from django.urls import URLPattern, path

from jiangheng.applications.views import candidate, filling, printed, rehearsals, replays, review, rosters, selfcheck

app_name = "applications"
urlpatterns: list[URLPattern] = [
    path("", review.index, name="list"),
    path("check/", selfcheck.check, name="check"),
    path("check/carry/", selfcheck.carry, name="carry"),
    path("apply/", candidate.apply, name="apply"),
    path("apply/<int:row_id>/", candidate.start, name="start"),
    path("mine/", candidate.mine, name="mine"),
    path("enter/", rosters.enter, name="enter"),
    path("rosters/", rosters.index, name="rosters"),
    path("rosters/upload/", rosters.upload, name="roster_upload"),
    path("rosters/template/<slug:template_id>/", rosters.template, name="roster_template"),
    path("rosters/<int:roster_id>/", rosters.result, name="roster"),
    path("rosters/<int:roster_id>/copy/", rosters.copy, name="roster_copy"),
    path("batches/", review.batches, name="batches"),
    path("batches/plan/<int:batch_id>/", review.batch, {"kind": "plan"}, name="batch_plan"),
    path("batches/request/<int:batch_id>/", review.batch, {"kind": "request"}, name="batch_request"),
    path("rehearsals/standard/<int:standard_id>/", rehearsals.index, name="rehearsals"),
    path("rehearsals/<int:rehearsal_id>/", rehearsals.rehearsal, name="rehearsal"),
    path("<int:application_id>/", review.detail, name="detail"),
    path("<int:application_id>/edit/", filling.edit, name="edit"),
    path("<int:application_id>/edit/<slug:part>/", filling.part, name="part"),
    path("<int:application_id>/autosave/<slug:part>/", filling.autosave, name="autosave"),
    path("<int:application_id>/attach/", filling.attach, name="attach"),
    path("<int:application_id>/form.pdf", printed.pdf, name="form_pdf"),
    path("<int:application_id>/form.docx", printed.docx, name="form_docx"),
    path("<int:application_id>/photo/", review.photo, name="photo"),
    path("<int:application_id>/proofs/<int:proof_id>/", review.proof, name="proof"),
    path("<int:application_id>/proofs/<int:proof_id>/remove/", filling.detach, name="detach"),
    path("<int:application_id>/recheck/", replays.recheck, name="recheck"),
    path("<int:application_id>/reveal/", review.reveal, name="reveal"),
    path("<int:application_id>/<slug:verb>/", review.step, name="step"),
]
