"""Addresses of this room."""

from django.urls import path

from duikou.progress.views import lists, report, review, rule, summary, workbook, write

app_name = "progress"
urlpatterns = [
    path("", lists.MonthList.as_view(), name="list"),
    path("export/", lists.MonthExport.as_view(), name="export"),
    path("workbook/", workbook.MonthForm.as_view(), name="workbook"),
    path("summary/", summary.Summary.as_view(), name="summary"),
    path("summary/export/", summary.SummaryExport.as_view(), name="summary-export"),
    path("review/", review.ReviewQueue.as_view(), name="review"),
    path("days/", rule.Rule.as_view(), name="rule"),
    path("projects/<int:project_id>/<int:month>/", write.ReportWrite.as_view(), name="write"),
    path("reports/<int:report_id>/", report.ReportPage.as_view(), name="report"),
    path("reports/<int:report_id>/<slug:verb>/", report.ReportStep.as_view(), name="report-step"),
]
