"""Who owns what, and the numbers of the clock: set by the office lead of the region, and by the coordinator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duikou.access.models import Membership, Organisation
from duikou.greenchannel import policies
from duikou.greenchannel.models import OwnerRule, Parameter
from duikou.greenchannel.selectors.owners import live_posts
from duikou.greenchannel.selectors.parameters import Set, numbers_of, terms_of
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.kernel.permissions import check
from duikou.kernel.text import clean
from duikou.programme.models import BlockerKind, Programme, Region
from duikou.records.services.audit import SubjectRef, record


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a rule says; `kind` None means any kind, `person` None the organisation as a whole."""

    programme: Programme
    region: Region
    kind: BlockerKind | None
    organisation: Organisation
    person: Membership | None = None
    stand_in: Membership | None = None


@transaction.atomic
def rule_set(*, actor: Actor, draft: RuleDraft, rule_id: int | None = None, revision: int = 0) -> OwnerRule:
    """Set who owns a kind in a region, or change the rule `rule_id`. Raises `Invalid` by field, `Conflict`, `Stale`."""
    policies.rule_write(actor, draft.region).or_raise()
    _check(draft)
    rule = _held(actor, rule_id, revision) if rule_id is not None else OwnerRule(revision=0)
    before = _said(rule) if rule_id is not None else None
    for name in ("programme", "region", "kind", "organisation", "person", "stand_in"):
        setattr(rule, name, getattr(draft, name))
    rule.revision += 1
    rule.changed_at, rule.changed_by = now(), actor.name[:150]
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        raise Invalid(fields={"kind": [_("这个地区的这一类别已有规则，请修改那一条。")]}) from None
    record(actor=actor, action="greenchannel.rule.set", subject=rule, before=before, after=_said(rule))
    return rule


@transaction.atomic
def rule_end(*, actor: Actor, rule_id: int, revision: int) -> None:
    """The rule holds no more; open requests keep their owner."""
    rule = _held(actor, rule_id, revision)
    rule.is_active, rule.revision = False, rule.revision + 1
    rule.changed_at, rule.changed_by = now(), actor.name[:150]
    rule.save()
    record(actor=actor, action="greenchannel.rule.ended", subject=rule, before=_said(rule))


def _held(actor: Actor, rule_id: int, revision: int) -> OwnerRule:
    related = ("region", "kind", "organisation", "person__account", "stand_in__account")
    rule = OwnerRule.objects.select_for_update(of=("self",)).select_related(*related).filter(pk=rule_id).first()
    if rule is None:
        raise NotFound
    policies.rule_write(actor, rule.region).or_raise()
    if not rule.is_active:
        raise Conflict(_("这条规则已经停用。"))
    if rule.revision != revision:
        raise Stale(revision=rule.revision)
    return rule


def _check(draft: RuleDraft) -> None:
    wrong: dict[str, list[object]] = {}
    live = set(
        live_posts().values_list("pk", flat=True).filter(pk__in=[p.pk for p in (draft.person, draft.stand_in) if p])
    )
    if not draft.organisation.region.path.startswith(draft.region.path):
        wrong["organisation"] = [_("责任单位应在这个地区之内。")]
    if draft.person is not None and draft.person.organisation_id != draft.organisation.pk:
        wrong["person"] = [_("责任人应是责任单位的人员。")]
    elif draft.person is not None and draft.person.pk not in live:
        wrong["person"] = [_("这位责任人已不在岗。")]
    if draft.stand_in is not None and draft.person is None:
        wrong["stand_in"] = [_("先指定责任人，再指定其代办人。")]
    elif (
        draft.stand_in is not None and draft.person is not None and draft.stand_in.account_id == draft.person.account_id
    ):
        wrong["stand_in"] = [_("代办人应是另一个人。")]
    elif draft.stand_in is not None and draft.stand_in.pk not in live:
        wrong["stand_in"] = [_("这位代办人已不在岗。")]
    if wrong:
        raise Invalid(fields=wrong)


def _said(rule: OwnerRule) -> dict[str, object]:
    return {
        "region": rule.region.name,
        "kind": rule.kind.title if rule.kind else "",
        "organisation": rule.organisation.name,
        "person": str(rule.person.account) if rule.person else "",
        "stand_in": str(rule.stand_in.account) if rule.stand_in else "",
    }


@transaction.atomic
def parameters_set(*, actor: Actor, programme: Programme, days: Mapping[str, int], basis: str = "") -> int:
    """Set terms and numbers by their names (`selectors.parameters`); what is not named stays. Returns how many changed.

    A changed term holds for requests raised from now on.
    """
    check(actor, policies.PARAMETERS.code).or_raise()
    sets = {one.name: one for one in (*terms_of(programme), *numbers_of(programme))}
    wrong = {
        name: [_("应为%(least)d至%(most)d之间的整数。") % {"least": sets[name].least, "most": sets[name].most}]
        for name, value in days.items()
        if name in sets and not sets[name].least <= value <= sets[name].most
    }
    if wrong:
        raise Invalid(fields=wrong)
    changed = [(sets[name], value) for name, value in days.items() if name in sets and sets[name].days != value]
    for one, value in changed:
        _parameter(actor, programme, one, value, clean(basis)[:200])
    return len(changed)


def _parameter(actor: Actor, programme: Programme, one: Set, value: int, basis: str) -> None:
    name = "term" if one.kind is not None else one.name
    values = {"days": value, "basis": basis, "changed_at": now(), "changed_by": actor.name[:150]}
    Parameter.objects.update_or_create(programme=programme, name=name, kind=one.kind, defaults=values)
    record(
        actor=actor,
        action="greenchannel.parameter.set",
        subject=SubjectRef("greenchannel.parameter", one.name, one.label),
        before={"days": one.days},
        after={"days": value, "basis": basis},
    )
