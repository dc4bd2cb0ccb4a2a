"""Addresses of the room, below /inbox/."""

from django.urls import path

from duikou.flow.views import calendar, delegations, duties, inbox, preferences, routes, saved

app_name = "flow"
urlpatterns = [
    path("", inbox.Inbox.as_view(), name="inbox"),
    path("<int:pk>/", inbox.Item.as_view(), name="item"),
    path("<int:pk>/dismiss/", inbox.Dismiss.as_view(), name="dismiss"),
    path("notices/read/", inbox.NoticesRead.as_view(), name="notices-read"),
    path("notices/<int:pk>/", inbox.NoticeOpen.as_view(), name="notice"),
    path("preferences/", preferences.Preferences.as_view(), name="preferences"),
    path("preferences/<str:token>/", preferences.PreferencesByToken.as_view(), name="preferences-token"),
    path("routes/steps/<int:pk>/", routes.StepAct.as_view(), name="step-act"),
    path("routes/steps/<int:pk>/return/", routes.StepReturn.as_view(), name="step-return"),
    path("routes/<int:pk>/withdraw/", routes.RouteWithdraw.as_view(), name="route-withdraw"),
    path("delegations/", delegations.Delegations.as_view(), name="delegations"),
    path("delegations/<int:pk>/close/", delegations.DelegationClose.as_view(), name="delegation-close"),
    path("duties/", duties.Duties.as_view(), name="duties"),
    path("duties/export/", duties.DutiesExport.as_view(), name="duties-export"),
    path("duties/plan/", duties.DutiesPlan.as_view(), name="duties-plan"),
    path("duties/<int:pk>/due/", duties.DutyDue.as_view(), name="duty-due"),
    path("duties/<str:code>/<int:year>/due/", duties.DutyDueAll.as_view(), name="duty-due-all"),
    path("views/", saved.Views.as_view(), name="views"),
    path("views/new/", saved.ViewNew.as_view(), name="view-new"),
    path("views/<int:pk>/", saved.ViewEdit.as_view(), name="view-edit"),
    path("views/<int:pk>/update/", saved.ViewUpdate.as_view(), name="view-update"),
    path("views/<int:pk>/delete/", saved.ViewDelete.as_view(), name="view-delete"),
    path("views/<int:pk>/usual/", saved.ViewUsual.as_view(), name="view-usual"),
    path("views/<int:pk>/move/<slug:way>/", saved.ViewMove.as_view(), name="view-move"),
    path("calendar/", calendar.Calendar.as_view(), name="calendar"),
    path("calendar/<str:day>/clear/", calendar.DayClear.as_view(), name="day-clear"),
]
