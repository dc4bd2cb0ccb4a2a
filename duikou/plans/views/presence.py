"""Who has a draft open, and what others have changed since: asked every few seconds, so it costs little."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from duikou.plans import policies, selectors
from duikou.plans.models import PlanVersion
from duikou.plans.selectors.writing import revisions_since
from duikou.plans.services.presence import presence_leave, presence_said, present
from duikou.plans.states import Side, VersionState
from duikou.plans.views.form import whole
from duikou.plans.views.lists import PlanView


class Presence(PlanView):
    """Say where one is, hear who else is here: two statements, one more for each of a word of one's own and of news."""

    def post(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """`uid` and `editing`: where; `since`: the revision the page shows; `leave`: the page was closed."""
        version = selectors.version_visible(actor=self.actor, version_id=version_id)
        policies.discuss(self.actor, version).or_raise()
        if request.POST.get("leave"):
            presence_leave(actor=self.actor, version_id=version_id)
            return HttpResponse(status=204)
        if version.state == VersionState.DRAFT:
            editing = request.POST.get("editing") == "1"
            people = presence_said(
                actor=self.actor, version=version, uid=_uid(request.POST.get("uid")), editing=editing
            )
        else:
            people = present(actor=self.actor, version_id=version_id)
        since = whole(request.POST.get("since"))
        changes = revisions_since(version_id, since) if 0 <= since < version.revision else []
        return JsonResponse(
            {
                "revision": version.revision,
                "draft": version.state == VersionState.DRAFT,
                "people": [
                    {"who": _who(version, one.side, one.name), "uid": str(one.uid or ""), "editing": one.editing}
                    for one in people
                ],
                "changes": [self._told(version, one) for one in changes],
            }
        )

    def _told(self, version: PlanVersion, one: Any) -> dict[str, Any]:
        return {
            "kind": one.subject,
            "uid": str(one.uid),
            "number": one.number,
            "who": _who(version, one.side, one.author_name),
            "mine": one.author_id is not None and one.author_id == self.actor.account_id,
        }


def _who(version: PlanVersion, side: str, name: str) -> str:
    """A name with its side: what everybody calls the place."""
    pairing = version.plan.pairing
    place = {Side.FIRST.value: pairing.first_region.label, Side.SECOND.value: pairing.second_label}.get(side, "")
    return f"{place} {name}".strip()


def _uid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
