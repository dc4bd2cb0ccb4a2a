"""What a page shows of sign-off: `{% load routes %}{% route_progress "plans.planversion" version.pk %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

from duikou.flow.selectors.routes import ActView, RunView, acts_open_to, run_of
from duikou.flow.states import Verb
from duikou.kernel.actor import Actor

register = template.Library()


@register.inclusion_tag("flow/parts/route.html", takes_context=True)
def route_progress(context: Context, kind: str, subject_id: Any) -> dict[str, Any]:
    """The last run of a subject: its stages as a line, what the reader may do, and what was done (five queries).

    The page has checked that the subject may be seen. Nothing is drawn where there is no run.
    """
    view = run_of(kind, subject_id)
    actor = context.get("actor")
    acts = acts_open_to(actor=actor, run=view) if view and isinstance(actor, Actor) else []
    return {
        "view": view,
        "acts": [_button(view, act) for act in acts if act.is_theirs] if view else [],
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
        "actor": actor,
    }


def _button(view: RunView, act: ActView) -> dict[str, Any]:
    """A step one may take or the reason why not; the form stands at its own address and carries what was seen."""
    query = f"?seen={view.run.digest}"
    if act.verb == Verb.WITHDRAW:
        url = reverse("flow:route-withdraw", args=[view.run.pk])
    else:
        row = act.step.row if act.step else None
        name = "flow:step-return" if act.verb == Verb.RETURN else "flow:step-act"
        url = reverse(name, args=[row.pk if row else 0]) + query
    return {"act": act, "url": url, "kind": _KINDS.get(act.verb, "primary"), "icon": _ICONS.get(act.verb, "check")}


_KINDS = {Verb.RETURN.value: "default", Verb.WITHDRAW.value: "quiet"}
_ICONS = {Verb.RETURN.value: "arrow-left", Verb.WITHDRAW.value: "x", Verb.ISSUE.value: "send", Verb.SIGN.value: "edit"}
