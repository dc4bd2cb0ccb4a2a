"""Lists are kept under a name: private or for the office, opened by their address, and never more than it gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duikou.flow.models import SavedView
from duikou.flow.selectors.views import address_of, start_address, view_for, views_visible
from duikou.flow.services import views as services
from duikou.flow.services.views import view_change, view_delete, view_move, view_save, view_usual
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from duikou.kernel.lists import canonical, list_named
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db
LIST = "projects:list"


def save(person, name="在谈", query="state=negotiating", **more):
    return view_save(actor=person.actor, name_of_list=LIST, query=query, name=name, **more)


def names(person):
    return [view.name for view in views_visible(actor=person.actor)]


@given(st.lists(st.tuples(st.sampled_from("bcaq"), st.text(max_size=3)), max_size=6))
def test_a_canonical_address_is_its_own_canonical_form_and_says_no_page(pairs):
    from urllib.parse import urlencode

    once = canonical(urlencode([*pairs, ("cursor", "x"), ("view", "7"), ("page", "2")]))
    assert canonical(once) == once
    assert "cursor" not in once
    assert "view" not in once


def test_the_order_of_filters_makes_no_other_view():
    assert canonical("state=b&kind=&q=%E5%9B%AD&state=a&state=b") == canonical("q=%E5%9B%AD&state=b&state=a")


def test_a_private_view_is_ones_own(shenyang_editor, shenyang_lead):
    view = save(shenyang_editor)
    assert names(shenyang_editor) == ["在谈"]
    assert names(shenyang_lead) == []
    with pytest.raises(NotFound):
        view_for(actor=shenyang_lead.actor, pk=view.pk)


def test_a_shared_view_is_the_offices_and_no_strangers(shenyang_editor, shenyang_lead, beijing_editor, dalian_editor):
    view = save(shenyang_editor, is_shared=True)
    assert shenyang_lead.organisation == shenyang_editor.organisation
    assert names(shenyang_lead) == ["在谈"]
    assert names(beijing_editor) == names(dalian_editor) == []
    with pytest.raises(NotFound):
        view_delete(actor=beijing_editor.actor, view_id=view.pk)


def test_who_only_shares_a_view_does_not_change_it(shenyang_editor, shenyang_lead):
    view = save(shenyang_editor, is_shared=True)
    if shenyang_lead.actor.is_organisation_admin:
        shenyang_editor, shenyang_lead = shenyang_lead, shenyang_editor
        view = save(shenyang_editor, "另一个", is_shared=True)
    with pytest.raises(Forbidden):
        view_change(actor=shenyang_lead.actor, view_id=view.pk, version=1, name="改")
    with pytest.raises(Forbidden):
        view_delete(actor=shenyang_lead.actor, view_id=view.pk)


def test_saving_twice_keeps_one(shenyang_editor):
    assert save(shenyang_editor) == save(shenyang_editor)
    with pytest.raises(Invalid) as refused:
        save(shenyang_editor, query="state=signed")
    assert "name" in refused.value.fields


def test_what_is_no_list_cannot_be_kept(shenyang_editor):
    for name in ("projects:project", "no:such", "account_logout", "", "flow:inbox"):
        with pytest.raises(NotFound):
            view_save(actor=shenyang_editor.actor, name_of_list=name, query="", name="名")


def test_limits_are_said(shenyang_editor, monkeypatch):
    with pytest.raises(Invalid):
        save(shenyang_editor, name="\u200b ")
    with pytest.raises(Invalid):
        save(shenyang_editor, name="长" * 41)
    with pytest.raises(Invalid):
        save(shenyang_editor, query="q=" + "x" * 3000)
    monkeypatch.setattr(services, "MOST", 1)
    save(shenyang_editor)
    with pytest.raises(Conflict):
        save(shenyang_editor, name="又一个")


def test_a_stale_change_is_refused(shenyang_editor):
    view = save(shenyang_editor)
    view_change(actor=shenyang_editor.actor, view_id=view.pk, version=1, name="新名")
    with pytest.raises(Stale):
        view_change(actor=shenyang_editor.actor, view_id=view.pk, version=1, name="旧名")
    assert SavedView.objects.get().name == "新名"


def test_changes_stand_in_the_trail(shenyang_editor):
    view = save(shenyang_editor, is_shared=True)
    view_change(actor=shenyang_editor.actor, view_id=view.pk, version=1, query="state=signed")
    view_delete(actor=shenyang_editor.actor, view_id=view.pk)
    events = AuditEvent.objects.filter(subject_kind="flow.savedview", subject_id=str(view.pk)).order_by("id")
    assert [event.action.rpartition(".")[2] for event in events] == ["save", "change", "delete"]
    assert events[1].after == {"query": "state=signed"}


def test_ones_views_stand_in_ones_order(shenyang_editor):
    first, second = save(shenyang_editor, "一"), save(shenyang_editor, "二")
    view_move(actor=shenyang_editor.actor, view_id=second.pk, up=True)
    assert names(shenyang_editor) == ["二", "一"]
    view_move(actor=shenyang_editor.actor, view_id=second.pk, up=True)
    view_move(actor=shenyang_editor.actor, view_id=first.pk, up=False)
    assert names(shenyang_editor) == ["二", "一"]


def test_a_list_opens_with_the_usual_view_until_something_is_asked(shenyang_editor, shenyang_lead, client):
    view = save(shenyang_editor, is_shared=True)
    view_usual(actor=shenyang_lead.actor, view_id=view.pk, is_usual=True)
    assert start_address(shenyang_editor.actor, LIST) == ""
    client.force_login(shenyang_lead.account)
    opened = client.get("/projects/")
    assert opened.status_code == 302
    assert opened["Location"] == address_of(view) == f"/projects/?state=negotiating&view={view.pk}"
    assert client.get("/projects/?view=0").status_code == 200
    view_change(actor=shenyang_editor.actor, view_id=view.pk, version=1, is_shared=False)
    assert client.get("/projects/").status_code == 200


def test_saving_from_a_list_without_scripts(shenyang_editor, client):
    client.force_login(shenyang_editor.account)
    page = client.get("/projects/?state=signed&cursor=x&columns=name").content.decode()
    assert 'value="columns=name&amp;state=signed"' in page
    posted = {"list": LIST, "query": "columns=name&state=signed&cursor=x", "name": "签了的"}
    assert client.post("/inbox/views/new/", {**posted, "name": ""}).status_code == 400
    saved = client.post("/inbox/views/new/", posted)
    view = SavedView.objects.get()
    assert saved["Location"] == f"/projects/?columns=name&state=signed&view={view.pk}"
    page = client.get(saved["Location"]).content.decode()
    assert f'view={view.pk}" aria-current="page"' in page
    assert "更新视图" not in page
    assert "更新视图" in client.get(f"/projects/?state=started&view={view.pk}").content.decode()
    client.post(f"/inbox/views/{view.pk}/update/", {"query": "state=started", "version": 1})
    assert SavedView.objects.get().query == "state=started"
    assert "签了的" in client.get("/inbox/views/").content.decode()
    refused = client.post("/inbox/views/new/", {**posted, "query": "q=x"})
    assert refused.status_code == 400
    assert "已有同名的视图" in refused.content.decode()


def test_a_view_of_filters_that_are_gone_says_so_and_opens_with_the_rest(shenyang_editor, client):
    view = save(shenyang_editor, query="state=signed&colour=red&columns=name&columns=smell&sort=-weight")
    client.force_login(shenyang_editor.account)
    opened = client.get(address_of(view))
    assert opened.status_code == 200
    assert "colour、smell、weight" in opened.content.decode()
    assert opened.context["filters"].form.cleaned_data["state"] == ["signed"]


def test_a_view_of_values_that_are_gone_offers_the_rest(shenyang_editor, client):
    view = save(shenyang_editor, query="state=signed&kind=no_such_kind")
    client.force_login(shenyang_editor.account)
    opened = client.get(address_of(view))
    assert f"/projects/?state=signed&amp;view={view.pk}" in opened.content.decode()


def test_a_view_whose_list_is_gone_stays_on_the_page_of_views(shenyang_editor, client):
    view = save(shenyang_editor)
    SavedView.objects.filter(pk=view.pk).update(list="no:list")
    client.force_login(shenyang_editor.account)
    page = client.get("/inbox/views/")
    assert page.status_code == 200
    assert "这个列表已不存在" in page.content.decode()
    assert client.get(f"/inbox/views/{view.pk}/").status_code == 200


@pytest.mark.parametrize("name", ["projects:list", "plans:list", "meetings:list", "meetings:actions"])
def test_lists_say_that_they_are_lists(name):
    assert list_named(name) is not None


@pytest.mark.parametrize("path", ["/projects/", "/plans/", "/meetings/", "/meetings/actions/"])
def test_every_list_can_be_kept(path, shenyang_editor, client):
    client.force_login(shenyang_editor.account)
    assert "保存为视图" in client.get(path).content.decode()


def test_views_cost_no_more_when_there_are_many(shenyang_editor, client, query_counts):
    client.force_login(shenyang_editor.account)
    for number in range(3):
        save(shenyang_editor, f"视图{number}", is_shared=number % 2 == 0)
    for _again in range(2):
        with query_counts("flow.views"):
            client.get("/inbox/views/")
        for number in range(3, 12):
            save(shenyang_editor, f"视图{number}")
