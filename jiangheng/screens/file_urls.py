"""Names of this room's pages."""

from django.urls import path

from jiangheng.screens import attachments

app_name = "files"
urlpatterns = [path("<int:file_id>/", attachments.download, name="download")]
