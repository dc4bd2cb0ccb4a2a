"""Addresses of this room."""

from django.urls import path

from duikou.schedule.views import edit, lists, milestone

app_name = "schedule"
urlpatterns = [
    path("", lists.MilestoneList.as_view(), name="list"),
    path("export/", lists.MilestoneExport.as_view(), name="export"),
    path("<int:milestone_id>/", milestone.MilestonePage.as_view(), name="milestone"),
    path("<int:milestone_id>/edit/", edit.MilestoneEdit.as_view(), name="milestone-edit"),
    path("<int:milestone_id>/done/", edit.MilestoneDone.as_view(), name="milestone-done"),
    path("<int:milestone_id>/reopen/", edit.MilestoneReopen.as_view(), name="milestone-reopen"),
    path("<int:milestone_id>/remove/", edit.MilestoneRemove.as_view(), name="milestone-remove"),
    path("<int:milestone_id>/link/", edit.MilestoneLinkNew.as_view(), name="milestone-link"),
    path("links/<int:link_id>/remove/", edit.MilestoneUnlink.as_view(), name="milestone-unlink"),
    path("projects/<int:project_id>/new/", edit.MilestoneNew.as_view(), name="milestone-new"),
    path("projects/<int:project_id>/typical/", edit.Typical.as_view(), name="typical"),
    path("projects/<int:project_id>/baseline/", edit.BaselineSet.as_view(), name="baseline-set"),
]
