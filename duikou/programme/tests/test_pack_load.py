"""Loading, loading again, amending: links to clauses never break."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.conf import settings

from duikou.kernel.actor import Actor
from duikou.kernel.errors import Forbidden
from duikou.programme import selectors
from duikou.programme.commands import group
from duikou.programme.models import Clause, Pairing, Programme, ProjectKind, Region
from duikou.programme.services.industry_load import industries_load
from duikou.programme.services.pack_check import pack_check
from duikou.programme.services.pack_diff import programme_diff
from duikou.programme.services.pack_load import PackRefused, programme_load
from duikou.programme.services.region_load import regions_load
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db


def _counts():
    return (
        AuditEvent.objects.count(),
        Programme.objects.count(),
        Clause.objects.count(),
        Pairing.objects.count(),
        Region.objects.count(),
    )


def test_loading_twice_changes_nothing(draft, loader, django_assert_max_num_queries):
    pack = draft()
    _, first = programme_load(actor=loader, folder=pack.folder)
    before = _counts()
    with django_assert_max_num_queries(7):  # on PostgreSQL, one of them waits for other loaders
        _, again = programme_load(actor=loader, folder=pack.folder)
    assert (first, again) == (True, False)
    assert _counts() == before


def test_the_national_lists_are_not_written_twice(loader):
    before = AuditEvent.objects.count()
    assert regions_load(actor=loader) is False
    assert industries_load(actor=loader) is False
    assert AuditEvent.objects.count() == before


def test_a_broken_pack_changes_nothing(draft, loader):
    pack = draft()
    pack.change("kinds.yaml", "type: int", "type: integer")
    before = _counts()
    with pytest.raises(PackRefused) as refused:
        programme_load(actor=loader, folder=pack.folder)
    assert [problem.file for problem in refused.value.problems] == ["kinds.yaml"]
    assert _counts() == before


def test_every_new_row_is_in_the_trail(draft, loader):
    before = AuditEvent.objects.count()
    programme, _ = programme_load(actor=loader, folder=draft().folder)
    made = sum(model.objects.filter(programme=programme).count() for model in (Clause, Pairing, ProjectKind))
    events = AuditEvent.objects.order_by("pk")[before:]
    assert len(events) >= made + 1
    assert {event.actor_name for event in events} == {"tests"}


def _amended(pack, version="2"):
    pack.change("pack.yaml", 'version: "1.1"', f'version: "{version}"')
    return pack


def test_a_newer_version_amends_a_clause_and_keeps_its_row(draft, loader):
    pack = draft()
    programme, _ = programme_load(actor=loader, folder=pack.folder)
    clause = Clause.objects.get(programme=programme, code="2.2")
    _amended(pack).change("clauses.yaml", "组织西部劳动力到东部务工", "组织西部劳动力到东部稳定务工")
    programme, _ = programme_load(actor=loader, folder=pack.folder)
    assert Clause.objects.get(programme=programme, code="2.2").pk == clause.pk
    assert [text.text.count("稳定") for text in clause.texts.order_by("pk")] == [0, 1]
    assert programme.version == "2"


def test_a_moved_clause_takes_its_links_along_and_its_old_address_still_works(draft, loader, client):
    pack = draft()
    programme, _ = programme_load(actor=loader, folder=pack.folder)
    clause = Clause.objects.get(programme=programme, code="2.4")
    _amended(pack).change("clauses.yaml", 'code: "2.4"', 'code: "2.5"\n    moved_from: "2.4"')
    programme_load(actor=loader, folder=pack.folder)
    clause.refresh_from_db()
    assert clause.code == "2.5"
    answer = client.get("/programmes/east-west-2021/clauses/2.4/", follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain == [("/programmes/east-west-2021/clauses/2.5/", 302)]


def test_two_clauses_may_swap_their_codes(draft, loader):
    pack = draft()
    programme, _ = programme_load(actor=loader, folder=pack.folder)
    industry, labour = (Clause.objects.get(programme=programme, code=code) for code in ("2.1", "2.2"))
    _amended(pack)
    pack.change("clauses.yaml", 'code: "2.1"', 'code: "X"\n    moved_from: "2.2"')
    pack.change("clauses.yaml", 'code: "2.2"', 'code: "2.1"\n    moved_from: "2.1"')
    text = (pack.folder / "clauses.yaml").read_text(encoding="utf-8")
    text = text.replace('code: "X"\n    moved_from: "2.2"', 'code: "2.2"\n    moved_from: "2.1"')
    text = text.replace('code: "2.1"\n    moved_from: "2.1"', 'code: "2.1"\n    moved_from: "2.2"')
    (pack.folder / "clauses.yaml").write_text(text, encoding="utf-8")
    pack.change("indicators.yaml", 'clause: "2.2"', 'clause: "2.1"')
    programme_load(actor=loader, folder=pack.folder)
    industry.refresh_from_db()
    labour.refresh_from_db()
    assert (industry.code, labour.code) == ("2.2", "2.1")


def test_a_clause_left_out_is_retired_not_deleted_and_its_page_says_so(draft, loader, client):
    pack = draft()
    programme, _ = programme_load(actor=loader, folder=pack.folder)
    _amended(pack)
    text = (pack.folder / "clauses.yaml").read_text(encoding="utf-8")
    start, end = text.index('  - code: "2.4"'), text.index('  - code: "3"')
    (pack.folder / "clauses.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
    programme, _ = programme_load(actor=loader, folder=pack.folder)
    retired = Clause.objects.get(programme=programme, code="2.4")
    assert retired.retired_in.version == "2"
    assert "2.4" not in selectors.clauses_of(programme).values_list("code", flat=True)
    page = client.get("/programmes/east-west-2021/clauses/2.4/")
    assert page.status_code == 200
    assert "停用" in page.content.decode()
    assert "选派干部" in page.content.decode()


def test_a_retired_clause_comes_back_with_its_row(draft, loader):
    pack = draft()
    programme, _ = programme_load(actor=loader, folder=pack.folder)
    pk = Clause.objects.get(programme=programme, code="2.4").pk
    whole = (pack.folder / "clauses.yaml").read_text(encoding="utf-8")
    start, end = whole.index('  - code: "2.4"'), whole.index('  - code: "3"')
    _amended(pack)
    (pack.folder / "clauses.yaml").write_text(whole[:start] + whole[end:], encoding="utf-8")
    programme_load(actor=loader, folder=pack.folder)
    pack.change("pack.yaml", 'version: "2"', 'version: "2.1"')
    (pack.folder / "clauses.yaml").write_text(whole, encoding="utf-8")
    programme_load(actor=loader, folder=pack.folder)
    clause = Clause.objects.get(programme=programme, code="2.4")
    assert (clause.pk, clause.retired_in) == (pk, None)


@pytest.mark.parametrize(("version", "reason"), [("1.1", "提高版本号"), ("0.9", "更新的版本")])
def test_changed_content_needs_a_higher_version(draft, loader, version, reason):
    pack = draft()
    programme_load(actor=loader, folder=pack.folder)
    pack.change("pack.yaml", 'version: "1.1"', f'version: "{version}"')
    pack.change("clauses.yaml", "共建产业园区", "共建产业园")
    before = _counts()
    with pytest.raises(PackRefused) as refused:
        programme_load(actor=loader, folder=pack.folder)
    assert refused.value.problems[0].line == 4
    assert reason in refused.value.problems[0].reason
    assert _counts() == before


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('code: "2.4"', 'code: "2.5"\n    moved_from: "9.9"', "没有条款"),
        ('code: "2.4"', 'code: "2.3"\n    moved_from: "2.4"', "重复"),
    ],
)
def test_a_move_that_cannot_be_made_is_refused(draft, loader, old, new, reason):
    pack = draft()
    programme_load(actor=loader, folder=pack.folder)
    _amended(pack).change("clauses.yaml", old, new)
    before = _counts()
    with pytest.raises(PackRefused) as refused:
        programme_load(actor=loader, folder=pack.folder)
    assert any(reason in problem.reason for problem in refused.value.problems)
    assert _counts() == before


def test_the_difference_is_told_before_loading(draft, loader):
    pack = draft()
    programme_load(actor=loader, folder=pack.folder)
    assert programme_diff(pack_check(pack.folder)) == []
    _amended(pack).change("clauses.yaml", "共建产业园区", "共建产业园")
    lines = programme_diff(pack_check(pack.folder))
    assert "~ version: 1.1 → 2" in lines
    assert any("2.1 text" in line and "[-区-]" in line for line in lines)


def test_a_person_who_is_no_operator_may_not_load(shenyang_lead, draft):
    with pytest.raises(Forbidden):
        programme_load(actor=shenyang_lead.actor, folder=draft().folder)


def test_nobody_in_particular_may_not_load(draft):
    with pytest.raises(Forbidden):
        programme_load(actor=Actor.anonymous(), folder=draft().folder)


def test_the_commands_load_list_and_export(loader):
    runner = CliRunner()
    assert runner.invoke(group, ["load", "east-west-2021"]).exit_code == 0
    assert "没有改动" in runner.invoke(group, ["load", "east-west-2021"]).output
    assert "east-west-2021" in runner.invoke(group, ["list"]).output
    export = json.loads(runner.invoke(group, ["export", "east-west-2021", "--format", "json"]).output)
    assert [clause["code"] for clause in export["clauses"]] == ["1", "2", "2.1", "2.2", "2.3", "2.4", "3", "3.1"]
    assert runner.invoke(group, ["export", "nothing"]).exit_code == 1
    assert runner.invoke(group, ["load", "no-such-pack"]).exit_code == 1


def test_two_programmes_stand_side_by_side(loader):
    programme_load(actor=loader, folder=settings.PACKS / "east-west-2021")
    first, second = selectors.programme_at("northeast-east-2017"), selectors.programme_at("east-west-2021")
    assert selectors.clause_resolve(first, "2.1").clause.title != selectors.clause_resolve(second, "2.1").clause.title
    assert selectors.programme_current() == first
    assert second.illustrative


def test_the_pack_says_which_kinds_of_project_carry_a_parks_page(db: None, shenyang_editor: object) -> None:
    kinds = ProjectKind.objects.filter(programme__code="northeast-east-2017", park=True)
    assert set(kinds.values_list("code", flat=True)) == {"park", "branch_park"}
