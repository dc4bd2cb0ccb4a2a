"""Where the two sides differ on a figure: said, bargained over, settled. One project, one standing figure."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from duikou.flow.selectors.entitled import step_address
from duikou.flow.services.inbox import To, item_open, items_close_about
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.kernel.text import clean
from duikou.projects import policies
from duikou.projects.models import ContestedFigure, Project
from duikou.projects.services.figures import AMOUNTS, figure_fields, figure_standing, figure_typed, figure_words
from duikou.projects.services.projects import project_locked, project_save
from duikou.projects.services.step_rows import step_write
from duikou.projects.services.summaries import contribution
from duikou.projects.services.tellings import DIFFERS
from duikou.projects.states import CORRECT, FIGURES, Opinion, Settlement, Side
from duikou.records.services.audit import record, subject_of


@transaction.atomic
def figure_contest(
    *, actor: Actor, project_id: int, figure: str, value: str, reason: str, kept: bool = False
) -> ContestedFigure:
    """The actor's side says that `figure` is `value` (as typed; `kept`: in the kept form). Said anew, it changes.

    Raises `Forbidden`, `Invalid` at `figure`, `value` or `reason`, `Conflict` when the other side contests it already.
    """
    project = project_locked(project_id)
    policies.contest_figure(actor, project).or_raise()
    reason = clean(reason)[:1000]
    if figure not in FIGURES:
        raise Invalid(fields={"figure": [_("没有这一项。")]})
    if not reason:
        raise Invalid(fields={"reason": [_("请写明理由。")]})
    value = value if kept else figure_typed(figure, value)
    if value == figure_standing(project, figure):
        raise Invalid(fields={"value": [_("与登记的数值相同。")]})
    return _say(
        actor, project, policies.side_of(actor, project.first_region, project.second_region), figure, value, reason
    )


def _say(actor: Actor, project: Project, side: Side, figure: str, value: str, reason: str) -> ContestedFigure:
    """Keep what `side` says of a figure, mark the project, and let both offices know that it waits for them."""
    found = _open(project).filter(figure=figure).first()
    if found is not None and found.side != side:
        raise Conflict(_("对方已对这项数据提出不同说法，请先答复。"))
    before = {"figure": str(FIGURES[figure]), "value": figure_words(figure, found.value) if found else None}
    found = found or ContestedFigure(project=project, figure=figure, side=side.value, opened_at=now())
    found.standing, found.value, found.reason = figure_standing(project, figure), value, reason
    found.proposal = found.proposed_by = ""
    found.save()
    _mark(project, Opinion.CONTESTED, side)
    record(
        actor=actor,
        action="projects.figure.contested",
        subject=project,
        before=before,
        after={"figure": str(FIGURES[figure]), "value": figure_words(figure, value)},
        reason=reason,
    )
    _wait(actor, project, found)
    announce("projects.figure.contested", project_id=project.pk, difference_id=found.pk)
    return found


@transaction.atomic
def figure_propose(*, actor: Actor, difference_id: int, value: str) -> ContestedFigure:
    """Offer a third value, which the other side may agree to; a new offer takes the place of the one before."""
    project, found = _locked(actor, difference_id)
    value = figure_typed(found.figure, value)
    if not value or value in (found.value, figure_standing(project, found.figure)):
        raise Invalid(fields={"value": [_("协商值应与双方的数值都不同；同意其中之一时请直接采用。")]})
    found.proposal = value
    found.proposed_by = policies.side_of(actor, project.first_region, project.second_region).value
    found.save(update_fields=["proposal", "proposed_by"])
    record(
        actor=actor,
        action="projects.figure.proposed",
        subject=project,
        before=None,
        after={"figure": str(FIGURES[found.figure]), "proposal": figure_words(found.figure, value)},
    )
    announce("projects.figure.contested", project_id=project.pk, difference_id=found.pk)
    return found


@transaction.atomic
def figure_settle(*, actor: Actor, difference_id: int, outcome: Settlement) -> ContestedFigure:
    """End it: the other side accepts the value, who contested withdraws it, or the other side agrees to a proposal.

    The project takes the value that was settled on, its sums with it. Raises `Conflict` for whom the answer is not.
    """
    project, found = _locked(actor, difference_id)
    side = policies.side_of(actor, project.first_region, project.second_region).value
    if not may_settle(found, side, outcome):
        raise Conflict(_("这一答复应由另一侧作出。"))
    standing = figure_standing(project, found.figure)
    settled = {Settlement.ACCEPTED: found.value, Settlement.AGREED: found.proposal}.get(outcome, standing)
    found.outcome, found.settled, found.settled_at = outcome.value, settled, now()
    found.save()
    _apply(project, found, settled)
    items_close_about(actor=actor, subject=subject_of(found))
    record(
        actor=actor,
        action="projects.figure.settled",
        subject=project,
        before={"figure": str(FIGURES[found.figure]), "value": figure_words(found.figure, standing)},
        after={
            "figure": str(FIGURES[found.figure]),
            "value": figure_words(found.figure, settled),
            "outcome": outcome.value,
        },
    )
    announce("projects.project.updated", project_ids=[project.pk])
    announce("projects.figure.settled", project_id=project.pk, difference_id=found.pk)
    return found


def figures_of_duplicate(*, actor: Actor, kept: Project, duplicate: Project, reason: str) -> None:
    """In a merge: what the duplicate's side reported otherwise than the kept project says is kept as its word.

    Both rows are locked by the caller. Differences that were open on the duplicate end with it.
    """
    for old in _open(duplicate):
        old.outcome, old.settled, old.settled_at = Settlement.WITHDRAWN.value, old.standing, now()
        old.save()
        items_close_about(actor=actor, subject=subject_of(old))
    duplicate.contested = ""
    side = _reporter(duplicate)
    if side is Side.NONE or _reporter(kept) in (side, Side.NONE):
        return
    for figure in AMOUNTS:
        value, standing = figure_standing(duplicate, figure), figure_standing(kept, figure)
        if value and standing and value != standing and not _open(kept).filter(figure=figure).exists():
            _say(actor, kept, side, figure, value, reason or _("合并时对方登记的数值"))


def _reporter(project: Project) -> Side:
    """The one side that reported it; none where both did or neither."""
    first, second = project.reported_by_first_at is not None, project.reported_by_second_at is not None
    return Side.NONE if first == second else Side.FIRST if first else Side.SECOND


def may_settle(found: ContestedFigure, side: str, outcome: Settlement) -> bool:
    """Whether this answer is the given side's to give."""
    if side not in (Side.FIRST, Side.SECOND):
        return False
    if outcome is Settlement.WITHDRAWN:
        return side == found.side
    if outcome is Settlement.ACCEPTED:
        return side != found.side
    return outcome is Settlement.AGREED and bool(found.proposal) and side != found.proposed_by


def _open(project: Project) -> QuerySet[ContestedFigure]:
    return ContestedFigure.objects.filter(project=project, outcome=Settlement.OPEN)


def _locked(actor: Actor, difference_id: int) -> tuple[Project, ContestedFigure]:
    project_id = ContestedFigure.objects.filter(pk=difference_id).values_list("project_id", flat=True).first()
    if project_id is None:
        raise NotFound
    project = project_locked(project_id)
    policies.contest_figure(actor, project).or_raise()
    found = _open(project).filter(pk=difference_id).first()
    if found is None:
        raise Conflict(_("这项分歧已经解决。"))
    return project, found


def _apply(project: Project, found: ContestedFigure, settled: str) -> None:
    gone, before = contribution(project), project.state
    for name, value in figure_fields(found.figure, settled).items():
        setattr(project, name, value)
    if project.planned_start and project.planned_finish and project.planned_finish < project.planned_start:
        raise Conflict(_("计划完工日期不能早于计划开工日期。"))
    left = list(_open(project).values_list("figure", flat=True))
    project.contested = " ".join(left)
    if not left and project.opinion == Opinion.CONTESTED and not project.opinion_note:
        project.opinion, project.opinion_by = Opinion.PENDING.value, ""
    project_save(project, gone)
    if project.state != before:
        step_write(project, CORRECT, before=before, on=project.state_as_of, reason=_("双方对状态达成一致"))


def _mark(project: Project, opinion: Opinion, side: Side) -> None:
    """The project bears which of its figures are contested, so that lists show it without asking."""
    gone = contribution(project)
    project.contested = " ".join(_open(project).values_list("figure", flat=True))
    if project.opinion != opinion:
        project.opinion, project.opinion_by, project.opinion_note = opinion.value, side.value, ""
    project_save(project, gone)


def _wait(actor: Actor, project: Project, found: ContestedFigure) -> None:
    for side, region in ((Side.FIRST, project.first_region), (Side.SECOND, project.second_region)):
        if region is None:
            continue
        role, place = step_address(Role.OFFICE_EDITOR.value, region)
        item_open(
            actor=actor,
            key=f"contested:{found.pk}:{side.value}",
            kind=DIFFERS,
            to=To(role=Role(role), region=place),
            url=f"{reverse('projects:project', args=[project.pk])}#differences",
            title=gettext_noop("“%(project)s”有一项数据双方说法不一，待双方商定"),
            params={"project": project.name[:80]},
            subject=subject_of(found),
        )
