"""Names of this room's pages."""

from django.urls import path

from jiangheng.files import views

app_name = "files"
urlpatterns = [path("<int:file_id>/", views.download, name="download")]
