"""Addresses of this room."""

from django.urls import path

from duikou.documents.views import check, papers

app_name = "documents"
urlpatterns = [
    path("check/", check.CheckFile.as_view(), name="check"),
    path("plan/<int:version_id>/", papers.PaperPage.as_view(), name="paper"),
    path("plan/<int:version_id>/file.<slug:form>", papers.PaperFile.as_view(), name="file"),
]
