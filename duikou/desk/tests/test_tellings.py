"""Facts of lower rooms reach the people they concern."""

import pytest

from duikou.desk.services import tellings
from duikou.flow.models import kind_of
from duikou.kernel.actor import Actor
from duikou.programme.models import Pairing
from duikou.projects.services.draft import ProjectDraft
from duikou.projects.services.projects import project_create
from duikou.projects.services.steps import project_confirm, project_contest
from duikou.projects.states import Side

pytestmark = pytest.mark.django_db


def test_many_projects_at_once_and_none_tell_nobody():
    assert tellings.moved(project_ids=list(range(1, 100)), verb="sign") == []
    assert tellings.opinion(project_ids=[999_999_999], opinion="confirmed") == []
    assert kind_of(tellings.MOVED).label


def test_what_one_side_says_of_a_project_is_told_to_the_other_in_its_own_words(shenyang_editor, beijing_editor):
    pair = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    clause = pair.programme.clause_set.get(code="3.2.2")
    draft = ProjectDraft(pair.programme, "对方要看的项目", pair, clause, pair.first_region)
    project = project_create(actor=Actor.command("tests"), draft=draft, reported_by=Side.FIRST, partial=True)
    said = project_contest(actor=beijing_editor.actor, project_id=project.pk, version=project.version, note="数不对")
    (told,) = tellings.opinion(project_ids=[project.pk], opinion=said.opinion)
    assert shenyang_editor.account.pk in told.accounts
    assert beijing_editor.account.pk not in told.accounts
    assert "异议" in told.title
    said = project_confirm(actor=beijing_editor.actor, project_id=project.pk, version=said.version)
    (then,) = tellings.opinion(project_ids=[project.pk], opinion=said.opinion)
    assert then.accounts == told.accounts
    assert "确认" in then.title
    assert "异议" not in then.title
