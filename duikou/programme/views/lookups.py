"""Type-ahead answers: [{value, label, hint}], best first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from duikou.kernel.web import Page
from duikou.programme import selectors
from duikou.programme.models import Region
from duikou.programme.states import RegionLevel


class RegionLookup(Page):
    """Places by Chinese, pinyin, initials or code: `?q=szs`; `level=` narrows, `by=adcode|text` changes the value."""

    needs = "programme.programme.read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """At most twenty places; places of today only, unless `past=1`."""
        level = request.GET.get("level", "")
        found = selectors.region_search(
            request.GET.get("q", "")[:60], level=level if level in RegionLevel.values else ""
        )
        if request.GET.get("past") != "1":
            found = [region for region in found if not region.is_historic]
        by = request.GET.get("by")
        rows = [
            {
                "value": _value(region, by),
                "label": region.label,
                "hint": _above(region),
                "adcode": region.adcode,
            }
            for region in found
        ]
        return JsonResponse(rows, safe=False)


class IndustryLookup(Page):
    """Industries of GB/T 4754 by the start of the code or a part of the name: `?q=C34`."""

    needs = "programme.programme.read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """At most twenty entries."""
        found = selectors.industry_search(request.GET.get("q", "")[:60])
        rows = [
            {
                "value": industry.code if request.GET.get("by") == "code" else industry.pk,
                "label": str(industry),
                "hint": industry.parent.name if industry.parent else "",
            }
            for industry in found
        ]
        return JsonResponse(rows, safe=False)


def _value(region: Region, by: str | None) -> str | int:
    if by == "text":
        return f"{region.name}（{region.adcode}）"
    return region.adcode if by == "adcode" else region.pk


def _above(region: Region) -> str:
    names = []
    above = region.parent
    while above is not None:
        names.append(above.label)
        above = above.parent
    return " · ".join([*reversed(names), region.adcode])
