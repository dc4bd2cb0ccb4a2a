"""Addresses of this room."""

from django.urls import path

from duikou.documents.views import check, papers, readings

app_name = "documents"
urlpatterns = [
    path("check/", check.CheckFile.as_view(), name="check"),
    path("plan/<int:version_id>/", papers.PaperPage.as_view(), name="paper"),
    path("plan/<int:version_id>/file.<slug:form>", papers.PaperFile.as_view(), name="file"),
    path("read/", readings.Bring.as_view(), name="bring"),
    path("read/<uuid:uid>/", readings.ReadingPage.as_view(), name="reading"),
    path("read/<uuid:uid>/drop/", readings.ReadingDrop.as_view(), name="reading-drop"),
]
