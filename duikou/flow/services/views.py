"""Keeping lists under a name."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.flow import policies
from duikou.flow.models import SavedView, ViewDefault
from duikou.flow.selectors.views import view_for, views_visible
from duikou.kernel import permissions
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.kernel.lists import canonical, list_named
from duikou.kernel.text import clean_name
from duikou.records.services.audit import record

MOST = 50
"""Views that one person may keep of one list."""

LONGEST_NAME, LONGEST_QUERY = 40, 2000


@transaction.atomic
def view_save(*, actor: Actor, name_of_list: str, query: str, name: str, is_shared: bool = False) -> SavedView:
    """Keep what `query` asks of a list under `name`; the same again gives the one that is there.

    Raises `NotFound` for what is no list, `Invalid` at the field, `Conflict` at the limit.
    """
    permissions.check(actor, "flow.view.write").or_raise()
    if actor.account_id is None or list_named(name_of_list) is None:
        raise NotFound
    if is_shared:
        policies.may_share_view(actor).or_raise()
    kept = canonical(query)
    name = _named(name)
    if len(kept) > LONGEST_QUERY:
        raise Invalid(_("筛选条件太长，无法保存。请减少条件后再试。"))
    mine = SavedView.objects.filter(owner_id=actor.account_id, list=name_of_list)
    same = mine.filter(name=name).first()
    if same is not None:
        if same.query == kept and same.is_shared == is_shared:
            return same
        raise Invalid(fields={"name": [_("您已有同名的视图。请换一个名称，或打开那个视图后更新它。")]})
    places = list(mine.values_list("order", flat=True))
    if len(places) >= MOST:
        raise Conflict(_("一个列表最多保存%(limit)d个视图，请先删除不用的。") % {"limit": MOST})
    made = SavedView.objects.create(
        owner_id=actor.account_id,
        organisation_id=actor.organisation_id,
        role=actor.role.value,
        list=name_of_list,
        name=name,
        query=kept,
        is_shared=is_shared,
        order=max(places, default=0) + 1,
        created_at=now(),
    )
    record(actor=actor, action="flow.savedview.save", subject=made, after={"list": name_of_list, **_facts(made)})
    return made


@transaction.atomic
def view_change(
    *,
    actor: Actor,
    view_id: int,
    version: int,
    name: str | None = None,
    is_shared: bool | None = None,
    query: str | None = None,
) -> SavedView:
    """Rename, share or unshare a view, or let it ask for something else (None: as it is).

    Raises `NotFound`, `Forbidden` for who only shares it, `Stale`, `Invalid` at the field.
    """
    view = _mine(actor, view_id)
    if view.version != version:
        raise Stale(_("这个视图在您打开之后已被修改。下面是现在的内容，请核对后再提交。"))
    before = _facts(view)
    if name is not None:
        view.name = _named(name)
        if (
            SavedView.objects.filter(owner_id=view.owner_id, list=view.list, name=view.name)
            .exclude(pk=view.pk)
            .exists()
        ):
            raise Invalid(fields={"name": [_("已有同名的视图，请换一个名称。")]})
    if is_shared is not None and is_shared != view.is_shared:
        if is_shared:
            policies.may_share_view(actor).or_raise()
            view.organisation_id = actor.organisation_id
        view.is_shared = is_shared
    if query is not None:
        view.query = canonical(query)
        if len(view.query) > LONGEST_QUERY:
            raise Invalid(_("筛选条件太长，无法保存。请减少条件后再试。"))
    after = _facts(view)
    if after != before:
        view.version += 1
        view.save()
        changed = [key for key in after if after[key] != before[key]]
        record(
            actor=actor,
            action="flow.savedview.change",
            subject=view,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )
    return view


@transaction.atomic
def view_delete(*, actor: Actor, view_id: int) -> str:
    """Forget a view; it opens no list any more for anybody. Returns its name."""
    view = _mine(actor, view_id)
    record(actor=actor, action="flow.savedview.delete", subject=view, before={"list": view.list, **_facts(view)})
    view.delete()
    return view.name


@transaction.atomic
def view_move(*, actor: Actor, view_id: int, up: bool) -> None:
    """Let one of one's own views stand one place earlier or later; at the end nothing happens."""
    view = view_for(actor=actor, pk=view_id)
    if view.owner_id != actor.account_id:
        raise NotFound
    row = list(SavedView.objects.filter(owner_id=view.owner_id, list=view.list).order_by("order", "id"))
    at = row.index(view)
    to = at - 1 if up else at + 1
    if 0 <= to < len(row):
        row[at], row[to] = row[to], row[at]
        for place, one in enumerate(row, start=1):
            one.order = place
        SavedView.objects.bulk_update(row, ["order"])


@transaction.atomic
def view_usual(*, actor: Actor, view_id: int, is_usual: bool) -> None:
    """Open the view's list with it from now on, or as it is again."""
    permissions.check(actor, "flow.view.write").or_raise()
    view = view_for(actor=actor, pk=view_id)
    if actor.account_id is None:
        raise NotFound
    known = ViewDefault.objects.filter(account_id=actor.account_id, list=view.list)
    if known.filter(view=view).exists() == is_usual:
        return
    if is_usual:
        ViewDefault.objects.update_or_create(account_id=actor.account_id, list=view.list, defaults={"view": view})
    else:
        known.delete()
    record(actor=actor, action="flow.savedview.usual", subject=view, after={"is_usual": is_usual})


def _mine(actor: Actor, view_id: int) -> SavedView:
    """A view that the actor may change, locked."""
    permissions.check(actor, "flow.view.write").or_raise()
    found = views_visible(actor=actor).select_related(None).select_for_update(of=("self",)).filter(pk=view_id).first()
    if found is None:
        raise NotFound
    policies.may_change_view(actor, found).or_raise()
    return found


def _named(text: str) -> str:
    name = clean_name(text)
    if not name:
        raise Invalid(fields={"name": [_("请填写名称。")]})
    if len(name) > LONGEST_NAME:
        raise Invalid(fields={"name": [_("最多%(limit)s个字。") % {"limit": LONGEST_NAME}]})
    return name


def _facts(view: SavedView) -> dict[str, Any]:
    return {"name": view.name, "query": view.query, "is_shared": view.is_shared}
