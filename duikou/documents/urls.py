"""Addresses of this room."""

from django.urls import path

from duikou.documents.views import papers

app_name = "documents"
urlpatterns = [
    path("plan/<int:version_id>/", papers.PaperPage.as_view(), name="paper"),
    path("plan/<int:version_id>/file.<slug:form>", papers.PaperFile.as_view(), name="file"),
]
