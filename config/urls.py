"""Addresses of the whole house: each room brings its own `urls.py`."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

from duikou.kernel.web.health import Health, Ready

ROOMS = {
    "programmes/": "programme",
    "access/": "access",
    "inbox/": "flow",
    "records/": "records",
    "imports/": "intake",
    "plans/": "plans",
    "meetings/": "meetings",
    "papers/": "documents",
    "projects/": "projects",
    "schedule/": "schedule",
    "greenchannel/": "greenchannel",
    "reforms/": "reforms",
    "parks/": "parks",
    "progress/": "progress",
    "boards/": "boards",
    "": "desk",
}

urlpatterns = [
    path("health/", Health.as_view(), name="health"),
    path("ready/", Ready.as_view(), name="ready"),
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    *(
        path(prefix, include(f"duikou.{room}.urls"))
        for prefix, room in ROOMS.items()
        if find_spec(f"duikou.{room}.urls") is not None
    ),
]

handler400 = "duikou.kernel.web.errors.bad_request"
handler403 = "duikou.kernel.web.errors.permission_denied"
handler429 = "duikou.access.views.lockout.too_many"
handler404 = "duikou.kernel.web.errors.page_not_found"
handler500 = "duikou.kernel.web.errors.server_error"
