"""Addresses of the room, below /records/."""

from django.urls import path

from duikou.records.views import evidence, trail

app_name = "records"
urlpatterns = [
    path("trail/", trail.Trail.as_view(), name="trail"),
    path("trail/export/", trail.Export.as_view(), name="trail-export"),
    path("trail/<int:pk>/", trail.Event.as_view(), name="event"),
    path("evidence/add/", evidence.Add.as_view(), name="evidence-add"),
    path("evidence/<int:pk>/", evidence.Download.as_view(), name="evidence"),
    path("evidence/<int:pk>/thumbnail/", evidence.Picture.as_view(size="thumb"), name="evidence-thumbnail"),
    path("evidence/<int:pk>/picture/", evidence.Picture.as_view(size="view"), name="evidence-picture"),
    path("evidence/<int:pk>/remove/", evidence.Remove.as_view(), name="evidence-remove"),
]
