"""Addresses of this room."""

from django.urls import path

from duikou.projects.views import edit, lists, lookups, page, wordings

app_name = "projects"
urlpatterns = [
    path("", lists.ProjectList.as_view(), name="list"),
    path("export/", lists.ProjectExport.as_view(), name="export"),
    path("new/", edit.ProjectNew.as_view(), name="project-new"),
    path("lookup/", lookups.ProjectLookup.as_view(), name="project-search"),
    path("wordings/", wordings.Wordings.as_view(), name="wordings"),
    path("<int:project_id>/", page.ProjectPage.as_view(), name="project"),
    path("<int:project_id>/edit/", edit.ProjectEdit.as_view(), name="project-edit"),
    path("<int:project_id>/step/<slug:verb>/", page.ProjectStep.as_view(), name="project-step"),
    path("<int:project_id>/correct/", page.ProjectCorrect.as_view(), name="project-correct"),
    path("<int:project_id>/opinion/", page.ProjectOpinion.as_view(), name="project-opinion"),
    path("<int:project_id>/merge/", page.ProjectMerge.as_view(), name="project-merge"),
]
