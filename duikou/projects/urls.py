"""Addresses of this room."""

from django.urls import path

from duikou.projects.views import (
    acts,
    bulk,
    differences,
    edit,
    following,
    kinds,
    links,
    lists,
    lookups,
    page,
    parties,
    wordings,
)

app_name = "projects"
urlpatterns = [
    path("", lists.ProjectList.as_view(), name="list"),
    path("export/", lists.ProjectExport.as_view(), name="export"),
    path("new/", edit.ProjectNew.as_view(), name="project-new"),
    path("bulk/", bulk.ProjectBulk.as_view(), name="bulk"),
    path("following/", following.Following.as_view(), name="following"),
    path("following/<int:pk>/end/", following.FollowEnd.as_view(), name="follow-end"),
    path("following/<int:pk>/mail/", following.FollowMail.as_view(), name="follow-mail"),
    path("lookup/", lookups.ProjectLookup.as_view(), name="project-search"),
    path("differences/", differences.Differences.as_view(), name="differences"),
    path("differences/export/", differences.DifferencesExport.as_view(), name="differences-export"),
    path("kinds/", kinds.KindReport.as_view(), name="kinds"),
    path("kinds/export/", kinds.KindReportExport.as_view(), name="kinds-export"),
    path("wordings/", wordings.Wordings.as_view(), name="wordings"),
    path("<int:project_id>/", page.ProjectPage.as_view(), name="project"),
    path("<int:project_id>/edit/", edit.ProjectEdit.as_view(), name="project-edit"),
    path("<int:project_id>/step/<slug:verb>/", acts.ProjectStep.as_view(), name="project-step"),
    path("<int:project_id>/correct/", acts.ProjectCorrect.as_view(), name="project-correct"),
    path("<int:project_id>/opinion/", acts.ProjectOpinion.as_view(), name="project-opinion"),
    path("<int:project_id>/merge/", acts.ProjectMerge.as_view(), name="project-merge"),
    path("<int:project_id>/figures/contest/", differences.FigureContest.as_view(), name="figure-contest"),
    path(
        "<int:project_id>/figures/<int:difference_id>/answer/",
        differences.FigureAnswer.as_view(),
        name="figure-answer",
    ),
    path("<int:project_id>/entries/link/", links.EntryLink.as_view(), name="entry-link"),
    path("<int:project_id>/entries/<int:link_id>/unlink/", links.EntryUnlink.as_view(), name="entry-unlink"),
    path("<int:project_id>/parties/add/", parties.PartyAdd.as_view(), name="party-add"),
    path("<int:project_id>/parties/<int:party_id>/link/", parties.PartyLink.as_view(), name="party-link"),
    path("<int:project_id>/parties/<int:party_id>/unlink/", parties.PartyUnlink.as_view(), name="party-unlink"),
]
