"""Addresses of this room."""

from django.urls import path

from duikou.boards.views import gantt

app_name = "boards"
urlpatterns = [
    path("gantt/", gantt.Gantt.as_view(), name="gantt"),
    path("gantt/feed/", gantt.GanttFeed.as_view(), name="gantt-feed"),
]
