"""Addresses of the room; those of clauses and pairings are permanent."""

from __future__ import annotations

from django.urls import path

from duikou.programme.views import clauses, lookups, pairings, programmes, regions

app_name = "programme"

urlpatterns = [
    path("", programmes.ProgrammeList.as_view(), name="programme-list"),
    path("lookups/regions/", lookups.RegionLookup.as_view(), name="region-search"),
    path("lookups/industries/", lookups.IndustryLookup.as_view(), name="industry-search"),
    path("regions/<str:adcode>/", regions.RegionRead.as_view(), name="region-read"),
    path("<slug:code>/", programmes.ProgrammeRead.as_view(), name="programme-read"),
    path("<slug:code>/contents/", programmes.ProgrammeContents.as_view(), name="programme-contents"),
    path("<slug:code>/search/", programmes.ProgrammeSearch.as_view(), name="programme-search"),
    path("<slug:code>/compare/", programmes.ProgrammeCompare.as_view(), name="programme-compare"),
    path("<slug:code>/clauses/<str:clause>/", clauses.ClauseRead.as_view(), name="clause-read"),
    path("<slug:code>/pairings/", pairings.PairingList.as_view(), name="pairing-list"),
    path("<slug:code>/pairings/<slug:pairing>/", pairings.PairingRead.as_view(), name="pairing-read"),
]
