"""Addresses of the room, below /inbox/."""

from django.urls import path

from duikou.flow.views import calendar, inbox, preferences

app_name = "flow"
urlpatterns = [
    path("", inbox.Inbox.as_view(), name="inbox"),
    path("<int:pk>/", inbox.Item.as_view(), name="item"),
    path("<int:pk>/dismiss/", inbox.Dismiss.as_view(), name="dismiss"),
    path("notices/read/", inbox.NoticesRead.as_view(), name="notices-read"),
    path("notices/<int:pk>/", inbox.NoticeOpen.as_view(), name="notice"),
    path("preferences/", preferences.Preferences.as_view(), name="preferences"),
    path("preferences/<str:token>/", preferences.PreferencesByToken.as_view(), name="preferences-token"),
    path("calendar/", calendar.Calendar.as_view(), name="calendar"),
    path("calendar/<str:day>/clear/", calendar.DayClear.as_view(), name="day-clear"),
]
