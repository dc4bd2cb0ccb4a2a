"""Addresses of imports."""

from django.urls import path

from duikou.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.Runs.as_view(), name="runs"),
    path("template/<str:kind>/", views.Template.as_view(), name="template"),
    path("<uuid:uid>/", views.Run.as_view(), name="run"),
    path("<uuid:uid>/mapping/", views.Mapping.as_view(), name="mapping"),
    path("<uuid:uid>/progress/", views.Progress.as_view(), name="progress"),
    path("<uuid:uid>/check/", views.Check.as_view(), name="check"),
    path("<uuid:uid>/commit/", views.Commit.as_view(), name="commit"),
    path("<uuid:uid>/cancel/", views.Cancel.as_view(), name="cancel"),
    path("<uuid:uid>/decisions/", views.Decisions.as_view(), name="decisions"),
    path("<uuid:uid>/errors.xlsx", views.Errors.as_view(), name="errors"),
]
