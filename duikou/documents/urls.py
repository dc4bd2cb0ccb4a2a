"""Addresses of this room."""

from django.urls import path

from duikou.documents.views import check, minutes, papers, readings, templates

app_name = "documents"
urlpatterns = [
    path("check/", check.CheckFile.as_view(), name="check"),
    path("check/<slug:digest>/", check.CheckDigest.as_view(), name="check-digest"),
    path("minutes/<int:version_id>/", minutes.MinutesPaperPage.as_view(), name="minutes-paper"),
    path("minutes/<int:version_id>/file.<slug:form>", minutes.MinutesFile.as_view(), name="minutes-file"),
    path("plan/<int:version_id>/", papers.PaperPage.as_view(), name="paper"),
    path("plan/<int:version_id>/file.<slug:form>", papers.PaperFile.as_view(), name="file"),
    path("read/", readings.Bring.as_view(), name="bring"),
    path("read/<uuid:uid>/", readings.ReadingPage.as_view(), name="reading"),
    path("read/<uuid:uid>/drop/", readings.ReadingDrop.as_view(), name="reading-drop"),
    path("templates/", templates.Templates.as_view(), name="templates"),
    path("templates/<slug:kind>/", templates.TemplateOfKind.as_view(), name="template"),
    path("templates/<slug:kind>/shipped.docx", templates.Shipped.as_view(), name="template-shipped"),
    path("templates/<slug:kind>/fields/", templates.Fields.as_view(), name="template-fields"),
    path("templates/<slug:kind>/fields.xlsx", templates.FieldsFile.as_view(), name="template-fields-file"),
    path("templates/<slug:kind>/withdraw/", templates.Withdraw.as_view(), name="template-withdraw"),
    path("template/<int:template_id>/", templates.Version.as_view(), name="template-version"),
    path("template/<int:template_id>/file.docx", templates.VersionFile.as_view(), name="template-file"),
    path("template/<int:template_id>/trial.docx", templates.Trial.as_view(), name="template-trial"),
    path("template/<int:template_id>/use/", templates.Use.as_view(), name="template-use"),
]
