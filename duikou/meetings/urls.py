"""Addresses of this room."""

from django.urls import path

from duikou.meetings.views import actions, cadences, calendar, feed, lists, meeting, minutes

app_name = "meetings"
urlpatterns = [
    path("", lists.MeetingList.as_view(), name="list"),
    path("export/", lists.MeetingExport.as_view(), name="export"),
    path("new/", meeting.MeetingNew.as_view(), name="meeting-new"),
    path("actions/", lists.ActionList.as_view(), name="actions"),
    path("actions/export/", lists.ActionExport.as_view(), name="actions-export"),
    path("actions/<int:action_id>/", actions.ActionPage.as_view(), name="action"),
    *(
        path(f"actions/<int:action_id>/{verb}/", actions.ActionAct.as_view(), {"verb": verb}, name=f"action-{verb}")
        for verb in actions.VERBS
    ),
    path("calendar/", calendar.Calendar.as_view(), name="calendar"),
    path("feed/", feed.FeedPage.as_view(), name="feed"),
    path("feed/renew/", feed.FeedRenew.as_view(), name="feed-renew"),
    path("feed/withdraw/", feed.FeedWithdraw.as_view(), name="feed-withdraw"),
    path("feed/<str:token>.ics", feed.Feed.as_view(), name="feed-ics"),
    path("mechanisms/", cadences.Cadences.as_view(), name="cadences"),
    path("mechanisms/new/", cadences.CadenceEdit.as_view(), name="cadence-new"),
    path("mechanisms/<int:cadence_id>/", cadences.CadenceEdit.as_view(), name="cadence"),
    path("mechanisms/<int:cadence_id>/end/", cadences.CadenceEnd.as_view(), name="cadence-end"),
    path("<int:meeting_id>/meeting.ics", feed.MeetingFile.as_view(), name="meeting-ics"),
    path("<int:meeting_id>/", meeting.MeetingPage.as_view(), name="meeting"),
    path("<int:meeting_id>/edit/", meeting.MeetingEdit.as_view(), name="meeting-edit"),
    path("<int:meeting_id>/hold/", meeting.Hold.as_view(), name="hold"),
    path("<int:meeting_id>/reschedule/", meeting.Reschedule.as_view(), name="reschedule"),
    *(
        path(f"<int:meeting_id>/{verb}/", meeting.Reasoned.as_view(), {"verb": verb}, name=verb)
        for verb in meeting.REASONED
    ),
    path("<int:meeting_id>/agenda/", meeting.Agenda.as_view(), name="agenda"),
    path("<int:meeting_id>/agenda/carry/", meeting.CarryOver.as_view(), name="carry-over"),
    path("<int:meeting_id>/attendance/", meeting.Attendance.as_view(), name="attendance"),
    path("<int:meeting_id>/links/", meeting.Links.as_view(), name="links"),
    path("<int:meeting_id>/minutes/", minutes.Begin.as_view(), name="minutes-begin"),
    path("<int:meeting_id>/minutes/<int:number>/", minutes.MinutesPage.as_view(), name="minutes"),
    path("minutes/<int:version_id>/write/", minutes.Write.as_view(), name="minutes-write"),
    path("minutes/<int:version_id>/decisions/", minutes.DecisionEdit.as_view(), name="decision-new"),
    path("minutes/<int:version_id>/decisions/<uuid:uid>/", minutes.DecisionEdit.as_view(), name="decision"),
    path(
        "minutes/<int:version_id>/decisions/<uuid:uid>/remove/",
        minutes.DecisionRemove.as_view(),
        name="decision-remove",
    ),
    path("minutes/<int:version_id>/submit/", minutes.Submit.as_view(), name="minutes-submit"),
    *(
        path(
            f"minutes/<int:version_id>/{verb}/",
            minutes.Reasoned.as_view(),
            {"verb": f"minutes-{verb}"},
            name=f"minutes-{verb}",
        )
        for verb in ("correct", "abandon")
    ),
]
