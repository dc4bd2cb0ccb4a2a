"""What an older installation holds, how it was before it was brought up to date, and what of it can be read.

`tests/test_upgrade.py` calls these in processes of an installation of its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, AddIndex
from django.db.migrations.recorder import MigrationRecorder

from duikou.access.models import Account
from duikou.kernel.actor import Actor
from duikou.kernel.money import Money
from duikou.plans.models import PlanVersion, Revision
from duikou.plans.selectors import content_of
from duikou.plans.services.content import digest_of
from duikou.plans.services.entries import entry_add
from duikou.plans.services.plans import PlanDraft, plan_create
from duikou.plans.tests.conftest import promise
from duikou.programme.models import Clause, Pairing, Programme, ProgrammeVersion, Route
from duikou.projects.models import CellSummary, Project, ProjectNearKey, RegionCellSummary, RegionYearSummary
from duikou.projects.services.draft import PartyDraft, ProjectDraft
from duikou.projects.services.near import near_projects
from duikou.projects.services.projects import project_create
from duikou.projects.services.summaries import summary_verify
from duikou.projects.states import ProjectState, Visibility
from duikou.records.models import AuditEvent, Evidence
from duikou.records.services.evidence import evidence_add
from duikou.records.services.seal import trail_seal
from duikou.records.services.verify import trail_verify

ME = Actor.command("tests")
OLD = {
    "documents": "",
    "greenchannel": "",
    "reforms": "",
    "meetings": "",
    "parks": "",
    "progress": "",
    "schedule": "",
    "plans": "0001_initial",
    "projects": "0006_scale",
    "flow": "0001_initial",
    "programme": "0003_record_words",
    "access": "0002_second_person",
    "records": "0001_initial",
}
"""The last migration of each room in the older installation: before meetings, papers, routes and sums by region.

What came after is taken out by statements: Django's own way back renders every model anew for each step, which takes
a minute.
"""

LATER_TABLES = (
    *("projects_subscription", "projects_projectnews", "flow_viewdefault", "flow_savedview"),
    *("flow_routeact", "flow_routestep", "flow_routerun", "flow_obligation", "flow_delegation"),
    *(
        "plans_refusedtext",
        "programme_route",
        "projects_projectstep",
        "projects_contestedfigure",
        "projects_projectentry",
    ),
    "programme_blockerkind",
    *("programme_topic_clauses", "programme_topic"),
)
FILLED_LATER = (RegionCellSummary, RegionYearSummary, ProjectNearKey)
"""Tables that a migration fills from the projects that are there."""

EDITION = "1.0"
TITLE = "新兴产业（旧）"


def make() -> None:
    """Projects with money, parties and a file, a plan with a promise, all in a sealed trail; then as it was before."""
    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    clauses = {clause.code: clause for clause in Clause.objects.filter(programme=pairing.programme)}
    for number, visibility in enumerate((Visibility.PUBLIC, Visibility.PAIRING, Visibility.PAIRING)):
        draft = ProjectDraft(
            pairing.programme,
            f"升级前的第{number}个产业园",
            pairing,
            clauses["3.2.2"],
            pairing.first_region,
            pairing.second_region,
            state=ProjectState.SIGNED,
            state_as_of=dt.date(2019, 5, 9),
            year=2019,
            signed_amount=Money(f"{number + 1}0000.01"),
            visibility=visibility,
            parties=(PartyDraft("甲公司"),),
            further_clauses=(clauses["3.4.2"],),
        )
        project = project_create(actor=ME, draft=draft, partial=True)
    evidence_add(actor=ME, subject=project, file=SimpleUploadedFile("协议.txt", "双方约定".encode()), note="原件")
    span = (dt.date(2017, 3, 7), dt.date(2020, 12, 31))
    version = plan_create(actor=ME, draft=PlanDraft(pairing, "phase", "升级前的方案", *span))
    entry_add(actor=ME, version_id=version.pk, draft=promise())
    trail_seal(everything=True)
    sys.stdout.write(json.dumps(found()) + "\n")
    _before()


def _before() -> None:
    """The tables and the edition of an older installation."""
    programme = Programme.objects.get(code="northeast-east-2017")
    ProgrammeVersion.objects.filter(programme=programme).update(version=EDITION, digest="0" * 64)
    Programme.objects.filter(pk=programme.pk).update(version=EDITION)
    Clause.objects.filter(programme=programme, code="3.2.2").update(title=TITLE)
    for model in (*FILLED_LATER, EmailAddress):
        model._default_manager.all().delete()
    rooms = (apps.get_app_config(room) for room, last in OLD.items() if not last)
    whole = [model._meta.db_table for room in rooms for model in room.get_models(include_auto_created=True)]
    end = " CASCADE" if connection.vendor == "postgresql" else ""
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for index in _later_indexes():
            cursor.execute(f'DROP INDEX IF EXISTS "{index}"')
        for table, column in _later_columns():
            if table not in {*whole, *LATER_TABLES}:
                cursor.execute(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
        for table in (*whole, *LATER_TABLES):
            cursor.execute(f'DROP TABLE "{table}"{end}')
    for app, last in OLD.items():
        MigrationRecorder.Migration.objects.filter(app=app, name__gt=last).delete()


def _later_indexes() -> Iterator[str]:
    """Name of every index that a later migration adds: a column cannot go while one is on it."""
    for (room, name), migration in MigrationLoader(None).disk_migrations.items():
        if room in OLD and name > OLD[room]:
            yield from (one.index.name for one in migration.operations if isinstance(one, AddIndex))


def _later_columns() -> Iterator[tuple[str, str]]:
    """Table and name of every column that a later migration adds."""
    for (room, name), migration in MigrationLoader(None).disk_migrations.items():
        if room in OLD and name > OLD[room]:
            for one in migration.operations:
                if isinstance(one, AddField):
                    model = apps.get_model(room, one.model_name)
                    yield model._meta.db_table, model._meta.get_field(one.name).column


def found() -> dict[str, Any]:
    """All that must outlast the upgrade, as one reads it today."""
    projects = Project.objects.select_related("clause", "pairing").order_by("id")
    version = PlanVersion.objects.get(plan__title="升级前的方案")
    # demonstrations bring files of their own
    kept = Evidence.objects.filter(subject_kind="projects.project").select_related("blob")
    links = [(one, one.blob) for one in kept]
    signed = sum(row.signed_sum for row in CellSummary.objects.all())
    return {
        "projects": [
            [
                one.pk,
                one.name,
                str(one.clause),
                one.pairing.code,
                str(one.signed_amount),
                [party.name for party in one.parties.all()],
                [clause.code for clause in one.further_clauses.all()],
            ]
            for one in projects
        ],
        "signed": str(signed),
        "files": [[one.subject_id, one.note, hashlib.sha256(_bytes(blob)).hexdigest()] for one, blob in links],
        "digests": [blob.digest for _one, blob in links],
        "plan": digest_of(version),
        "entries": [[one.title, [clause.code for clause in one.clauses]] for one in content_of(version).entries],
        "revisions": Revision.objects.filter(version=version).count(),
        "events": AuditEvent.objects.filter(action__startswith="projects.").count(),
    }


def _bytes(blob: Any) -> bytes:
    with default_storage.open(blob.path) as stream:
        return bytes(stream.read())


def after() -> None:
    """The same after the upgrade, and what it was to bring."""
    project = Project.objects.select_related("programme", "pairing").order_by("id")[0]
    recount = summary_verify()
    unsealed = AuditEvent.objects.count() - trail_verify(actor=ME).links
    report = (trail_seal(everything=True), trail_verify(actor=ME))[1]
    near = near_projects(actor=ME, programme=project.programme, pairing=project.pairing, name=project.name)
    brought = {
        "sums": [recount.keys > 0, list(recount.wrong)],
        "trail": [unsealed > 0, report.first is None, report.unsealed],
        "near": project.pk in {one.pk for one in near},
        "proven": Account.objects.exclude(email="").count() == EmailAddress.objects.filter(verified=True).count() > 0,
        "edition": ProgrammeVersion.objects.filter(programme=project.programme).count(),
        "routes": Route.objects.filter(programme=project.programme).count() > 0,
    }
    sys.stdout.write(json.dumps({"found": found(), "brought": brought}) + "\n")
