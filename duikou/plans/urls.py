"""Addresses of this room."""

from django.urls import path

from duikou.plans.views import compare, edit, lists, page, work

app_name = "plans"
urlpatterns = [
    path("", lists.PlanList.as_view(), name="list"),
    path("export/", lists.PlanExport.as_view(), name="export"),
    path("new/", edit.PlanNew.as_view(), name="plan-new"),
    path("check/", page.Check.as_view(), name="check"),
    path("check/<slug:digest>/", page.Check.as_view(), name="check-digest"),
    path("<int:plan_id>/", page.PlanPage.as_view(), name="plan"),
    path("<int:plan_id>/edit/", edit.PlanEdit.as_view(), name="plan-edit"),
    path("<int:plan_id>/versions/<int:number>/", page.PlanPage.as_view(), name="version"),
    path("<int:plan_id>/compare/<int:old>/<int:new>/", compare.Compare.as_view(), name="compare"),
    path("<int:plan_id>/progress/<uuid:uid>/", edit.EntryProgressPage.as_view(), name="progress"),
    path("<int:plan_id>/tasks/<uuid:uid>/", edit.TaskNew.as_view(), name="task-new"),
    path("<int:plan_id>/task/<int:task_id>/", edit.TaskSet.as_view(), name="task"),
    path("<int:plan_id>/task/<int:task_id>/remove/", work.TaskRemove.as_view(), name="task-remove"),
    path("draft/<int:version_id>/sections/", edit.SectionEdit.as_view(), name="section-new"),
    path("draft/<int:version_id>/sections/<uuid:uid>/", edit.SectionEdit.as_view(), name="section"),
    path("draft/<int:version_id>/entries/", edit.EntryEdit.as_view(), name="entry-new"),
    path("draft/<int:version_id>/entries/<uuid:uid>/", edit.EntryEdit.as_view(), name="entry"),
    path("draft/<int:version_id>/unserved/", edit.Unserved.as_view(), name="unserved"),
    *(
        path(
            f"draft/<int:version_id>/{kind}/<uuid:uid>/{verb}/",
            edit.PartAct.as_view(),
            {"kind": kind, "verb": verb},
            name=f"{kind}-{verb}",
        )
        for kind in ("section", "entry")
        for verb in ("up", "down", "remove")
    ),
    *(
        path(f"draft/<int:version_id>/{verb}/", edit.VersionAct.as_view(), {"verb": verb}, name=verb)
        for verb in ("submit", "copy-down", "carry-over")
    ),
    *(
        path(f"draft/<int:version_id>/{verb}/", edit.Reasoned.as_view(), {"verb": verb}, name=verb)
        for verb in ("abandon", "amend")
    ),
]
