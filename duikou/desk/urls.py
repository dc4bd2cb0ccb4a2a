"""Addresses of this room."""

from django.urls import path

from duikou.desk.views import overview

app_name = "desk"
urlpatterns = [
    path("overview/", overview.OverviewPage.as_view(), name="overview"),
]
