"""Addresses of this room."""

from django.urls import path

from duikou.plans.views import (
    check,
    compare,
    entries,
    facts,
    history,
    lists,
    missing,
    page,
    parts,
    presence,
    progress,
    refused,
    sections,
    talk,
    work,
)

app_name = "plans"
urlpatterns = [
    path("", lists.PlanList.as_view(), name="list"),
    path("export/", lists.PlanExport.as_view(), name="export"),
    path("new/", facts.PlanNew.as_view(), name="plan-new"),
    path("check/", check.Check.as_view(), name="check"),
    path("check/<slug:digest>/", check.Check.as_view(), name="check-digest"),
    path("<int:plan_id>/", page.PlanPage.as_view(), name="plan"),
    path("<int:plan_id>/edit/", facts.PlanEdit.as_view(), name="plan-edit"),
    path("<int:plan_id>/versions/<int:number>/", page.PlanPage.as_view(), name="version"),
    path("<int:plan_id>/versions/<int:number>/history/", history.History.as_view(), name="history"),
    path(
        "<int:plan_id>/versions/<int:number>/history/compare/",
        history.HistoryCompare.as_view(),
        name="history-compare",
    ),
    path("<int:plan_id>/compare/<int:old>/<int:new>/", compare.Compare.as_view(), name="compare"),
    path("<int:plan_id>/progress/<uuid:uid>/", progress.EntryProgressPage.as_view(), name="progress"),
    path("<int:plan_id>/tasks/<uuid:uid>/", progress.TaskNew.as_view(), name="task-new"),
    path("<int:plan_id>/task/<int:task_id>/", progress.TaskSet.as_view(), name="task"),
    path("<int:plan_id>/task/<int:task_id>/remove/", work.TaskRemove.as_view(), name="task-remove"),
    path("draft/<int:version_id>/sections/", sections.SectionEdit.as_view(), name="section-new"),
    path("draft/<int:version_id>/sections/<uuid:uid>/", sections.SectionEdit.as_view(), name="section"),
    path("draft/<int:version_id>/entries/", entries.EntryEdit.as_view(), name="entry-new"),
    path("draft/<int:version_id>/entries/<uuid:uid>/", entries.EntryEdit.as_view(), name="entry"),
    *(
        path(f"draft/<int:version_id>/{kind}/<uuid:uid>/now/", parts.Part.as_view(), {"kind": kind}, name=f"{kind}-now")
        for kind in ("section", "entry")
    ),
    path("draft/<int:version_id>/rows/<int:start>/", parts.EntryRows.as_view(), name="entry-rows"),
    path("draft/<int:version_id>/presence/", presence.Presence.as_view(), name="presence"),
    path("draft/<int:version_id>/refused/<int:refused_id>/", refused.Refused.as_view(), name="refused"),
    path("draft/<int:version_id>/refused/<int:refused_id>/drop/", refused.RefusedDrop.as_view(), name="refused-drop"),
    path("draft/<int:version_id>/talk/", talk.Talk.as_view(), name="talk"),
    path("draft/<int:version_id>/talk/<uuid:uid>/", talk.PartTalk.as_view(), name="talk-part"),
    *(
        path(
            f"draft/<int:version_id>/{kind}/<uuid:uid>/suggest/",
            talk.Suggest.as_view(),
            {"kind": kind},
            name=f"{kind}-suggest",
        )
        for kind in ("section", "entry")
    ),
    *(
        path(
            f"draft/<int:version_id>/comments/<int:comment_id>/{verb}/",
            talk.CommentAct.as_view(),
            {"verb": verb},
            name=f"comment-{verb}",
        )
        for verb in ("reply", "resolve", "reopen")
    ),
    *(
        path(
            f"draft/<int:version_id>/suggestions/<int:suggestion_id>/{verb}/",
            talk.SuggestionAct.as_view(),
            {"verb": verb},
            name=f"suggestion-{verb}",
        )
        for verb in ("accept", "decline", "withdraw")
    ),
    path("draft/<int:version_id>/restore/<uuid:uid>/<int:number>/", history.Restore.as_view(), name="restore"),
    path("draft/<int:version_id>/missing/", missing.Missing.as_view(), name="missing"),
    path("draft/<int:version_id>/unserved/", facts.Unserved.as_view(), name="unserved"),
    *(
        path(
            f"draft/<int:version_id>/{kind}/<uuid:uid>/{verb}/",
            parts.PartAct.as_view(),
            {"kind": kind, "verb": verb},
            name=f"{kind}-{verb}",
        )
        for kind in ("section", "entry")
        for verb in ("up", "down", "remove")
    ),
    *(
        path(f"draft/<int:version_id>/{verb}/", facts.VersionAct.as_view(), {"verb": verb}, name=verb)
        for verb in ("submit", "copy-down", "carry-over")
    ),
    *(
        path(f"draft/<int:version_id>/{verb}/", facts.Reasoned.as_view(), {"verb": verb}, name=verb)
        for verb in ("abandon", "amend")
    ),
]
