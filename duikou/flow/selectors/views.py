"""Saved views: one's own, and those that one's office shares."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from duikou.flow.models import SavedView, ViewDefault
from duikou.kernel.actor import Actor
from duikou.kernel.errors import NotFound


def views_visible(*, actor: Actor) -> QuerySet[SavedView]:
    """The actor's views, then those shared with the organisation of the post in which they act."""
    if actor.account_id is None:
        return SavedView.objects.none()
    mine = Q(owner_id=actor.account_id)
    if actor.organisation_id is not None:
        mine |= Q(is_shared=True, organisation_id=actor.organisation_id)
    usual = ViewDefault.objects.filter(account_id=actor.account_id, view=OuterRef("pk"))
    found = SavedView.objects.filter(mine).select_related("owner", "organisation")
    return found.annotate(is_usual=Exists(usual), not_mine=~Q(owner_id=actor.account_id)).order_by(
        "list", "not_mine", "order", "id"
    )


def view_for(*, actor: Actor, pk: int) -> SavedView:
    """One of them; `NotFound` for any other."""
    found = views_visible(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def start_address(actor: Actor, name: str) -> str:
    """The address of the view with which the list opens for the actor; "" without one that may still be seen."""
    if actor.account_id is None:
        return ""
    picked = Q(defaults__account_id=actor.account_id, defaults__list=name, list=F("defaults__list"))
    view = views_visible(actor=actor).filter(picked).first()
    return address_of(view) if view is not None else ""


def address_of(view: SavedView) -> str:
    """Where the view leads; "" when its list is gone."""
    try:
        return f"{reverse(view.list)}?{view.parameters}"
    except NoReverseMatch:
        return ""
