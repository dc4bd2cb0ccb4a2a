"""Facts of lower rooms reach the people they concern."""

import pytest

from duikou.desk.services import tellings
from duikou.flow.models import InboxItem, kind_of
from duikou.flow.states import ItemState
from duikou.intake.models import ImportRun
from duikou.kernel.clock import now

pytestmark = pytest.mark.django_db


def test_a_checked_import_waits_for_who_brought_it_until_it_is_closed(shenyang_editor):
    run = ImportRun.objects.create(
        kind="projects.records",
        membership=shenyang_editor.membership,
        organisation=shenyang_editor.organisation,
        brought_by="x",
        file_name="台账.xlsx",
        digest="0" * 64,
        size=1,
        content="xlsx",
        created_at=now(),
        updated_at=now(),
    )
    for _ in range(2):
        tellings.open_import_item.func(run_id=run.pk)
    item = InboxItem.objects.get(kind=tellings.IMPORT)
    assert "台账.xlsx" in item.words
    assert (item.account_id, str(run.uid) in item.url) == (shenyang_editor.account.pk, True)
    tellings.close_import_item.func(run_id=run.pk)
    item.refresh_from_db()
    assert item.state == ItemState.DONE


def test_many_projects_at_once_and_none_tell_nobody():
    assert tellings.moved(project_ids=list(range(1, 100)), verb="sign") == []
    assert tellings.opinion(project_ids=[999_999_999], opinion="agreed") == []
    assert kind_of(tellings.MOVED).label
