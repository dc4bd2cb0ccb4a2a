"""What the addresses with parameters speak of in the table of every address × role."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import replace
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tests.addresses import Address

PEOPLE = (
    "coordinator",
    "cadre_authority",
    "ministry",
    "shenyang_editor",
    "shenyang_lead",
    "dalian_editor",
    "cadre_officer",
    "unit",
    "member",
    "auditor",
    "operator",
)
"""Fixtures of people in every post, who make and meet what the addresses name."""
NOWHERE = 999_999_999
"""An id that no record has: the answer must be the 404 of something that does not exist."""

FALLBACK: dict[str, Any] = {
    "pk": NOWHERE,
    "contact": NOWHERE,
    "id": NOWHERE,
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uid": "00000000-0000-4000-8000-000000000000",
    "kind": "no-such-kind",
    "code": "no-such-code",
    "key": "no-such-key",
    "uidb36": "0",
    "token": "no-such-token",
    "slug": "no-such-slug",
    "provider_id": "no-such-provider",
    "digest": "0" * 64,
    "day": "2020-01-01",
}
"""Values for parameters that no entry of `SUBJECTS` names: nothing real, so that nobody learns anything."""


Known = MutableMapping[str, Any]
Subject = Callable[[Known], dict[str, Any]]


def once(make: Subject) -> Subject:
    """The same record for every address that speaks of it."""

    @wraps(make)
    def remembered(known: Known) -> dict[str, Any]:
        name = make.__name__
        if name not in known:
            known[name] = make(known)
        found: dict[str, Any] = known[name]
        return found

    return remembered


@once
def _project(known: Known) -> dict[str, Any]:
    """A project of 沈阳 and 北京 that only they and the nation-wide roles may know of."""
    from duikou.kernel.actor import Actor
    from duikou.programme.models import Pairing
    from duikou.projects.services.draft import ProjectDraft
    from duikou.projects.services.projects import project_create

    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    clause = pairing.programme.clause_set.get(code="3.2.2")
    draft = ProjectDraft(pairing.programme, "地址表中的项目", pairing, clause, pairing.first_region)
    return {"project_id": project_create(actor=Actor.command("tests"), draft=draft).pk}


@once
def _run(known: Known) -> dict[str, Any]:
    """A file that 沈阳's editor has uploaded."""
    from duikou.intake.services.runs import run_upload

    content = "项目名称,结对,任务条款\n地址表中的导入,沈阳-北京,3.2.2\n".encode()
    actor = known["people"]["shenyang_editor"].actor
    return {"uid": run_upload(actor=actor, kind=_KIND, name="记录.csv", pieces=[content]).uid}


@once
def _evidence(known: Known) -> dict[str, Any]:
    """A file that proves the project."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from duikou.projects.models import Project
    from duikou.records.services.evidence import evidence_add

    project = Project.objects.get(pk=_project(known)["project_id"])
    file = SimpleUploadedFile("合同.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    actor = known["people"]["shenyang_editor"].actor
    return {"pk": evidence_add(actor=actor, subject=project, file=file).pk}


@once
def _photo(known: Known) -> dict[str, Any]:
    """A photo that proves the project."""
    from io import BytesIO

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    from duikou.projects.models import Project
    from duikou.records.services.evidence import evidence_add

    project = Project.objects.get(pk=_project(known)["project_id"])
    out = BytesIO()
    Image.new("RGB", (8, 6)).save(out, "PNG")
    actor = known["people"]["shenyang_editor"].actor
    return {"pk": evidence_add(actor=actor, subject=project, file=SimpleUploadedFile("现场.png", out.getvalue())).pk}


@once
def _event(known: Known) -> dict[str, Any]:
    """What the trail says of the project."""
    from duikou.records.models import AuditEvent

    events = AuditEvent.objects.filter(subject_kind="projects.project", subject_id=str(_project(known)["project_id"]))
    return {"pk": events.earliest("id").pk}


@once
def _invitation(known: Known) -> dict[str, Any]:
    """An invitation that 沈阳's lead has sent into the unit's organisation."""
    from duikou.access.services.invitation import InvitationDraft, invitation_send
    from duikou.kernel.actor import Role

    unit, lead = known["people"]["unit"], known["people"]["shenyang_lead"]
    draft = InvitationDraft("xin@example.com", "新来的人", Role.UNIT, unit.membership.region)
    return {"pk": invitation_send(actor=lead.actor, organisation=unit.organisation, draft=draft).pk}


@once
def _invitation_token(known: Known) -> dict[str, Any]:
    from duikou.access.models import Invitation
    from duikou.access.services.invitation import invitation_token

    return {"token": invitation_token(Invitation.objects.get(pk=_invitation(known)["pk"]))}


@once
def _contact(known: Known) -> dict[str, Any]:
    """Somebody to call at the unit."""
    from duikou.access.services.contact import ContactDraft, contact_add

    unit = known["people"]["unit"]
    draft = ContactDraft(name="联系人", phone="13800000000")
    contact = contact_add(actor=unit.actor, organisation=unit.organisation, draft=draft)
    return {"pk": unit.organisation.pk, "contact": contact.pk}


@once
def _admin_mode(known: Known) -> dict[str, Any]:
    """An admin mode that the operator began and ended."""
    from duikou.access.services.admin_mode import admin_mode_end, admin_mode_start

    operator = known["people"]["operator"]
    mode = admin_mode_start(actor=operator.actor, account=operator.account, reason="核对地址表里每个岗位的权限")
    admin_mode_end(actor=operator.actor, account=operator.account)
    return {"pk": mode.pk}


@once
def _item(known: Known) -> dict[str, Any]:
    """Something that waits for the unit's organisation."""
    from duikou.flow.services.inbox import To, item_open
    from duikou.kernel.actor import Actor

    to = To(organisation_id=known["people"]["unit"].organisation.pk)
    item = item_open(actor=Actor.job("tests"), key="urls", kind="intake.run", to=to, url="/projects/", title="地址表")
    return {"pk": item.pk}


@once
def _notice(known: Known) -> dict[str, Any]:
    """Something that the unit's person is told."""
    from duikou.flow.models import Notice
    from duikou.flow.services.notices import Telling, tell

    account = known["people"]["unit"].account
    tell(Telling("urls", "intake.run", "地址表", "/projects/", [account.pk]))
    return {"pk": Notice.objects.get(account=account, key="urls").pk}


@once
def _day(_known: Known) -> dict[str, Any]:
    """A working day that an office entered."""
    import datetime as dt

    from duikou.flow.services.calendar import day_set
    from duikou.kernel.actor import Actor

    day_set(actor=Actor.command("tests"), day=dt.date(2050, 1, 3), works=False, note="地址表")
    return {"day": "2050-01-03"}


@once
def _route_step(known: Known) -> dict[str, Any]:
    """A step that waits for 沈阳's lead."""
    from duikou.flow.models import RouteStep, register_subject
    from duikou.flow.services.routes import run_start
    from duikou.flow.tests.papers import Papers, ref
    from duikou.programme.models import Region
    from duikou.programme.selectors import programme_at, route_at

    register_subject(Papers().subject())
    programme = programme_at("northeast-east-2017")
    route = route_at(programme, "minutes") if programme else None
    assert programme is not None
    assert route is not None
    run = run_start(
        actor=known["people"]["shenyang_editor"].actor,
        route=route,
        subject=ref("urls"),
        parties={"first": Region.objects.get(adcode="210100"), "second": Region.objects.get(adcode="110000")},
        digest="d0",
        programme=programme,
    )
    return {"pk": RouteStep.objects.get(run=run, code="first_lead").pk}


def _route_run(known: Known) -> dict[str, Any]:
    from duikou.flow.models import RouteStep

    return {"pk": RouteStep.objects.get(pk=_route_step(known)["pk"]).run_id}


@once
def _delegation(known: Known) -> dict[str, Any]:
    """沈阳's lead lets the editor stand in."""
    from duikou.flow.services.delegations import delegation_open
    from duikou.kernel.actor import Role
    from duikou.kernel.clock import today

    lead, editor = known["people"]["shenyang_lead"], known["people"]["shenyang_editor"]
    made = delegation_open(
        actor=lead.actor,
        to_account=editor.account,
        role=Role.OFFICE_LEAD,
        region=lead.membership.region,
        valid_from=today(),
        valid_to=today(),
        reason="出差",
    )
    return {"pk": made.pk}


@once
def _obligation(_known: Known) -> dict[str, Any]:
    """What 沈阳 and 北京 owe this year."""
    from duikou.flow.models import Obligation
    from duikou.flow.services.obligations import obligations_plan
    from duikou.kernel.actor import Actor
    from duikou.programme.selectors import programme_at

    programme = programme_at("northeast-east-2017")
    assert programme is not None
    obligations_plan(actor=Actor.command("tests"), programme=programme, year=2026)
    return {"pk": Obligation.objects.get(duty__code="annual_plan", pairing__code="shenyang-beijing", year=2026).pk}


def _preferences_token(known: Known) -> dict[str, Any]:
    from duikou.flow.services.notices import preferences_token

    return {"token": preferences_token(known["people"]["unit"].account.pk)}


@once
def _plan(known: Known) -> dict[str, Any]:
    """A draft of 沈阳 and 北京 with a section and an entry."""
    import datetime as dt

    from duikou.plans.services.comments import comment_add
    from duikou.plans.services.entries import EntryDraft, entry_add
    from duikou.plans.services.merge import refused_keep
    from duikou.plans.services.plans import PlanDraft, plan_create
    from duikou.plans.services.suggestions import suggestion_make
    from duikou.programme.models import Pairing

    actor = known["people"]["shenyang_editor"].actor
    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    draft = PlanDraft(pairing, "phase", "地址表中的方案", dt.date(2017, 3, 7), dt.date(2020, 12, 31))
    version = plan_create(actor=actor, draft=draft)
    entry = entry_add(actor=actor, version_id=version.pk, draft=EntryDraft("地址表中的事项"))
    section = version.sections.earliest("order")
    made = {"plan_id": version.plan_id, "version_id": version.pk, "section": section.uid, "entry": entry.uid}
    words = {"heading": "合作目标", "body": "<p>没能保存</p>", "part": "goal", "level": 1, "clauses": []}
    kept = refused_keep(actor=actor, version=version, subject="section", uid=section.uid, seen=1, content=words)
    at = {"actor": actor, "version_id": version.pk, "uid": section.uid}
    comment = comment_add(**at, text="地址表中的意见")
    suggestion = suggestion_make(**at, subject="section", field="heading", text="建议的标题")
    return made | {"refused": kept.pk, "comment": comment.pk, "suggestion": suggestion.pk}


@once
def _reading(known: Known) -> dict[str, Any]:
    """A plan in Word that 沈阳's editor has brought."""
    import io

    import docx

    from duikou.documents.services.readings import reading_start
    from duikou.programme.models import Pairing

    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph("一、地址表中的章节")
    document.save(out)
    actor = known["people"]["shenyang_editor"].actor
    return {"uid": reading_start(actor=actor, name="计划.docx", data=out.getvalue(), pairing=pairing).uid}


@once
def _template(known: Known) -> dict[str, Any]:
    """A Word template that 沈阳's lead has brought."""
    from duikou.documents.services.templates import template_add
    from duikou.documents.services.word_styles import built_in
    from duikou.documents.states import TemplateKind

    actor = known["people"]["shenyang_lead"].actor
    return {
        "template_id": template_add(actor=actor, kind=TemplateKind.TEXT, name="模板.docx", data=built_in("text")).pk
    }


def _of_plan(*names: str, **given: Any) -> Subject:
    """Some of what `_plan` made; `uid` names which part it is of."""

    def picked(known: Known) -> dict[str, Any]:
        made = _plan(known)
        found = {name: made[name] for name in names}
        return found | {name: made.get(value, value) for name, value in given.items()}

    return picked


@once
def _meeting(known: Known) -> dict[str, Any]:
    """A meeting of 沈阳 and 北京 that was held, with minutes that both signed and what they decided."""
    import datetime as dt

    from duikou.kernel.actor import Actor
    from duikou.kernel.clock import now, today
    from duikou.meetings.models import ActionItem
    from duikou.meetings.rules.lines import people as attending
    from duikou.meetings.services.meetings import MeetingDraft, meeting_hold, meeting_plan
    from duikou.meetings.services.minutes import DecisionDraft, decision_save, minutes_begin, minutes_save
    from duikou.meetings.services.signing import minutes_close, minutes_signed
    from duikou.meetings.services.table import attendance_set
    from duikou.programme.models import Pairing

    actor = known["people"]["shenyang_editor"].actor
    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    start = now() - dt.timedelta(days=3)
    draft = MeetingDraft(
        pairing, "work", "coordination", "地址表中的会议", "first", start, start + dt.timedelta(hours=2)
    )
    meeting = meeting_plan(actor=actor, draft=replace(draft, place="沈阳"))
    seats = {seat: attending("某某，处长") for seat in ("first", "second")}
    attendance_set(actor=actor, meeting_id=meeting.pk, revision=meeting.revision, seats=seats)
    meeting_hold(actor=actor, meeting_id=meeting.pk)
    version = minutes_begin(actor=actor, meeting_id=meeting.pk)
    minutes_save(actor=actor, version_id=version.pk, revision=1, body="<p>正文</p>")
    decision = decision_save(
        actor=actor, version_id=version.pk, revision=2, draft=DecisionDraft("地址表中的事项", "first", today())
    )
    minutes_close(actor=actor, version_id=version.pk, revision=3)
    minutes_signed(actor=Actor.command("tests"), version_id=version.pk)
    action = ActionItem.objects.get(meeting=meeting)
    return {"meeting_id": meeting.pk, "version_id": version.pk, "uid": decision.uid, "action_id": action.pk}


@once
def _cadence(known: Known) -> dict[str, Any]:
    """A mechanism of 沈阳 and 北京."""
    from duikou.meetings.services.cadences import CadenceDraft, cadence_set
    from duikou.programme.models import Pairing

    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    draft = CadenceDraft(pairing, "execution", "地址表中的机制", 1, 2018)
    return {"cadence_id": cadence_set(actor=known["people"]["shenyang_editor"].actor, draft=draft).pk}


def _of_meeting(*names: str, **given: Any) -> Subject:
    """Some of what `_meeting` made."""
    return lambda known: {name: _meeting(known)[name] for name in names} | given


_KIND = "records"
_PROGRAMME = {"code": "northeast-east-2017"}

SUBJECTS: dict[str, Subject] = {
    "programme:programme-read": lambda known: _PROGRAMME,
    "programme:programme-contents": lambda known: _PROGRAMME,
    "programme:programme-search": lambda known: _PROGRAMME,
    "programme:programme-compare": lambda known: _PROGRAMME,
    "programme:clause-read": lambda known: {**_PROGRAMME, "clause": "3.2.2"},
    "programme:pairing-list": lambda known: _PROGRAMME,
    "programme:region-read": lambda known: {"adcode": "440300"},
    "programme:pairing-read": lambda known: {**_PROGRAMME, "pairing": "harbin-shenzhen"},
    **{f"projects:project{page}": _project for page in ("", "-edit", "-correct", "-opinion", "-merge")},
    "projects:project-step": lambda known: {**_project(known), "verb": "negotiate"},
    "access:organisation": lambda known: {"pk": known["people"]["unit"].organisation.pk},
    "access:organisation-edit": lambda known: {"pk": known["people"]["unit"].organisation.pk},
    "access:organisation-merge": lambda known: {"pk": known["people"]["unit"].organisation.pk},
    "access:organisation-verify": lambda known: {"pk": known["people"]["unit"].organisation.pk},
    "access:people": lambda known: {"pk": known["people"]["unit"].organisation.pk},
    **{
        f"access:membership{page}": lambda known: {"pk": known["people"]["unit"].membership.pk}
        for page in ("", "-suspend", "-restore")
    },
    "access:second-factor-reset": lambda known: {"pk": known["people"]["unit"].membership.pk},
    "access:contact-add": lambda known: {"pk": known["people"]["unit"].organisation.pk},
    "access:contact-remove": _contact,
    "access:contact-reveal": _contact,
    "access:invitation-confirm": _invitation,
    "access:invitation-resend": _invitation,
    "access:invitation-revoke": _invitation,
    "access:invitation-accept": _invitation_token,
    "access:admin-mode": _admin_mode,
    "flow:item": _item,
    "flow:dismiss": _item,
    "flow:notice": _notice,
    "flow:day-clear": _day,
    "flow:step-act": _route_step,
    "flow:step-return": _route_step,
    "flow:route-withdraw": _route_run,
    "flow:delegation-close": _delegation,
    "flow:duty-due": _obligation,
    "flow:duty-due-all": lambda known: {"code": "annual_plan", "year": 2026},
    "flow:preferences-token": _preferences_token,
    **{
        f"intake:{page}": _run
        for page in ("run", "mapping", "progress", "check", "commit", "cancel", "decisions", "errors")
    },
    "intake:template": lambda known: {"kind": _KIND},
    "documents:paper": _of_plan("version_id"),
    "documents:file": _of_plan("version_id", form="pdf"),
    **{
        f"documents:template{page}": lambda known: {"kind": "text"}
        for page in ("", "-shipped", "-fields", "-fields-file", "-withdraw")
    },
    **{f"documents:template-{page}": _template for page in ("version", "file", "trial", "use")},
    "documents:check-digest": lambda known: {"digest": "0" * 64},
    "documents:minutes-paper": _of_meeting("version_id"),
    "documents:minutes-file": _of_meeting("version_id", form="pdf"),
    "documents:reading": _reading,
    "documents:reading-drop": _reading,
    "plans:plan": _of_plan("plan_id"),
    "plans:plan-edit": _of_plan("plan_id"),
    "plans:version": _of_plan("plan_id", number=1),
    "plans:compare": _of_plan("plan_id", old=1, new=1),
    **{f"plans:{part}-now": _of_plan("version_id", uid=part) for part in ("section", "entry")},
    "plans:entry-rows": _of_plan("version_id", start=0),
    "plans:presence": _of_plan("version_id"),
    "plans:talk": _of_plan("version_id"),
    "plans:talk-part": _of_plan("version_id", uid="section"),
    **{f"plans:{part}-suggest": _of_plan("version_id", uid=part) for part in ("section", "entry")},
    **{
        f"plans:comment-{verb}": _of_plan("version_id", comment_id="comment") for verb in ("reply", "resolve", "reopen")
    },
    **{
        f"plans:suggestion-{verb}": _of_plan("version_id", suggestion_id="suggestion")
        for verb in ("accept", "decline", "withdraw")
    },
    "plans:history": _of_plan("plan_id", number=1),
    "plans:history-compare": _of_plan("plan_id", number=1),
    "plans:restore": _of_plan("version_id", uid="section", number=1),
    "plans:refused": _of_plan("version_id", refused_id="refused"),
    "plans:refused-drop": _of_plan("version_id", refused_id="refused"),
    "plans:progress": _of_plan("plan_id", uid="entry"),
    "plans:task-new": _of_plan("plan_id", uid="entry"),
    "plans:task": _of_plan("plan_id", task_id=NOWHERE),
    "plans:missing": _of_plan("version_id"),
    "plans:task-remove": _of_plan("plan_id", task_id=NOWHERE),
    **{
        f"plans:{page}": _of_plan("version_id")
        for page in (
            "section-new",
            "entry-new",
            "missing",
            "unserved",
            "submit",
            "copy-down",
            "carry-over",
            "abandon",
            "amend",
        )
    },
    **{
        f"plans:{part}{page}": _of_plan("version_id", uid=part)
        for part in ("section", "entry")
        for page in ("", "-up", "-down", "-remove")
    },
    **{
        f"meetings:{page}": _of_meeting("meeting_id")
        for page in (
            *("meeting", "meeting-edit", "hold", "reschedule", "postpone", "cancel", "correct", "agenda", "carry-over"),
            *("attendance", "links", "minutes-begin"),
        )
    },
    "meetings:meeting-ics": _of_meeting("meeting_id"),
    "meetings:cadence": _cadence,
    "meetings:cadence-end": _cadence,
    "meetings:minutes": _of_meeting("meeting_id", number=1),
    **{
        f"meetings:{page}": _of_meeting("version_id")
        for page in ("minutes-write", "decision-new", "minutes-submit", "minutes-correct", "minutes-abandon")
    },
    **{f"meetings:{page}": _of_meeting("version_id", "uid") for page in ("decision", "decision-remove")},
    **{f"meetings:action{page}": _of_meeting("action_id") for page in ("", "-report", "-return", "-close", "-drop")},
    "records:event": _event,
    "records:evidence": _evidence,
    "records:evidence-picture": _photo,
    "records:evidence-thumbnail": _photo,
    "records:evidence-remove": _evidence,
}
"""Address name → parameters of a real record, made from the people of the cast."""


def _of_room(name: str) -> Subject | None:
    """What the room of that address says in its own `tests/arguments.py`, if it has one: `SUBJECTS`, as here."""
    room, _colon, page = name.partition(":")
    place = f"duikou.{room}.tests"
    if not page or not find_spec(f"duikou.{room}") or not find_spec(place) or not find_spec(f"{place}.arguments"):
        return None
    subjects: dict[str, Subject] = import_module(f"{place}.arguments").SUBJECTS
    return subjects.get(name)


def made(people: dict[str, Any]) -> Known:
    """Everything that `SUBJECTS` can draw on."""
    return {"people": people}


def of(address: Address, known: Known) -> dict[str, Any]:
    """The parameters of one address."""
    subject = SUBJECTS.get(address.name) or _of_room(address.name)
    if subject is not None:
        return subject(known)
    missing = [name for name in address.parameters if name not in FALLBACK]
    assert not missing, f"{address.name}: say in tests/arguments.py what {missing} is"
    return {name: FALLBACK[name] for name in address.parameters}
