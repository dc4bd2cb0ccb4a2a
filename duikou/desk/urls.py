"""Addresses of this room."""

from django.urls import path

from duikou.desk.views import overview, search, workbench

app_name = "desk"
urlpatterns = [
    path("", workbench.Home.as_view(), name="home"),
    path("overview/", overview.OverviewPage.as_view(), name="overview"),
    path("search/", search.Search.as_view(), name="search"),
]
