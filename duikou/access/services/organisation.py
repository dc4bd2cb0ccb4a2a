"""Entering and changing organisations."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.models import Organisation
from duikou.access.selectors import organisations
from duikou.access.states import OrganisationKind
from duikou.kernel import facts, permissions
from duikou.kernel.actor import Actor
from duikou.kernel.codes import uscc_clean
from duikou.kernel.errors import Conflict, Invalid, Stale
from duikou.kernel.text import clean_name, has_word
from duikou.programme.models import Region
from duikou.records.services.audit import record


@dataclass(frozen=True, slots=True)
class OrganisationDraft:
    """What a person enters about an organisation."""

    name: str
    kind: str
    region_id: int
    short_name: str = ""
    uscc: str = ""
    industry_id: int | None = None
    address: str = ""
    website: str = ""


class AlreadyThere(Conflict):
    """The credit code belongs to an organisation that is there; `data["organisation_id"]` leads to it."""

    code = "organisation_exists"


class PerhapsTheSame(Conflict):
    """Near-same names are there; a person must decide. `data["likenesses"]` holds them."""

    code = "organisation_alike"


@transaction.atomic
def organisation_create(*, actor: Actor, draft: OrganisationDraft, are_different: bool = False) -> Organisation:
    """Enter an organisation; `are_different` says that a person has seen the near-same ones and they are others.

    Raises `Invalid`, `AlreadyThere` (same credit code) or `PerhapsTheSame`.
    """
    permissions.check(actor, policies.CREATE.code).or_raise()
    checked, region = _checked(actor, draft)
    if not are_different:
        alike = organisations.organisations_alike(actor=actor, name=checked.name, region=region)
        if alike:
            raise PerhapsTheSame(_("已有名称相近的主体，请先确认是否同一家。"), likenesses=alike)
    organisation = Organisation(**asdict(checked))
    _save(actor, organisation)
    record(actor=actor, action="access.organisation.created", subject=organisation, after=asdict(checked))
    facts.announce("access.organisation.created", organisation_id=organisation.pk)
    return organisation


@transaction.atomic
def organisation_edit(
    *, actor: Actor, organisation_id: int, draft: OrganisationDraft, version: int, are_different: bool = False
) -> Organisation:
    """Change an organisation's facts as read at `version`.

    Raises `Stale` when somebody else saved in between, otherwise as `organisation_create`.
    """
    organisation = _locked(organisation_id)
    policies.organisation_edit(actor, organisation).or_raise()
    checked, region = _checked(actor, draft, but=organisation_id)
    if region.path != organisation.region.path or checked.name != organisation.name:
        _may_move(actor, organisation, region)
        if not are_different:
            alike = organisations.organisations_alike(
                actor=actor, name=checked.name, region=region, but=organisation_id
            )
            if alike:
                raise PerhapsTheSame(_("已有名称相近的主体，请先确认是否同一家。"), likenesses=alike)
    if organisation.version != version:
        raise Stale
    after = asdict(checked)
    before = {name: getattr(organisation, name) for name in after}
    changed = {name for name in after if after[name] != before[name]}
    if not changed:
        return organisation
    for name in changed:
        setattr(organisation, name, after[name])
    if changed & {"name", "uscc"} and not policies.organisation_verify(actor, organisation):
        organisation.is_verified = False
    organisation.version = version + 1
    _save(actor, organisation)
    record(
        actor=actor,
        action="access.organisation.edited",
        subject=organisation,
        before={name: before[name] for name in sorted(changed)},
        after={name: after[name] for name in sorted(changed)},
    )
    facts.announce("access.organisation.edited", organisation_id=organisation.pk)
    return organisation


@transaction.atomic
def organisation_verify(*, actor: Actor, organisation_id: int, is_verified: bool, is_published: bool) -> Organisation:
    """Confirm an organisation's identity and say whether its name may be public."""
    organisation = _locked(organisation_id)
    policies.organisation_verify(actor, organisation).or_raise()
    before = {"is_verified": organisation.is_verified, "is_published": organisation.is_published}
    after = {"is_verified": is_verified, "is_published": is_published}
    if before == after:
        return organisation
    organisation.is_verified, organisation.is_published = is_verified, is_published
    organisation.version += 1
    organisation.save()
    record(actor=actor, action="access.organisation.verified", subject=organisation, before=before, after=after)
    return organisation


def _save(actor: Actor, organisation: Organisation) -> None:
    """Save; a credit code that another writer has just entered is refused as if it had been there before."""
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        held = organisations.organisation_with_uscc(organisation.uscc, but=organisation.pk)
        if not organisation.uscc or held is None:
            raise
        raise _already_there(actor, held) from None


def _locked(organisation_id: int) -> Organisation:
    found = (
        Organisation.objects.select_for_update(of=("self",)).select_related("region").filter(pk=organisation_id).first()
    )
    if found is None:
        raise Stale
    return found


def _may_move(actor: Actor, organisation: Organisation, region: Region) -> None:
    moved = Organisation(pk=organisation.pk, region=region)
    if region.pk != organisation.region_id:
        policies.organisation_edit(actor, moved).or_raise()


def _checked(actor: Actor, draft: OrganisationDraft, *, but: int | None = None) -> tuple[OrganisationDraft, Region]:
    """The draft cleaned, with its region; raises `Invalid` at the field, or `AlreadyThere`."""
    wrong: dict[str, list[object]] = {}
    values: dict[str, Any] = {
        name: clean_name(text) if isinstance(text, str) else text for name, text in asdict(draft).items()
    }
    if not values["name"]:
        wrong["name"] = [_("请填写名称。")]
    elif not has_word(values["name"]):
        wrong["name"] = [_("名称中要有文字。")]
    if values["short_name"] and not has_word(values["short_name"]):
        wrong["short_name"] = [_("名称中要有文字。")]
    for name, limit in (("name", 120), ("short_name", 60), ("address", 200), ("website", 200)):
        if len(values[name]) > limit:
            wrong[name] = [_("不能超过%(limit)s个字。") % {"limit": limit}]
    if values["kind"] not in OrganisationKind.values:
        wrong["kind"] = [_("请选择类别。")]
    region = Region.objects.filter(pk=draft.region_id).first()
    if region is None:
        wrong["region"] = [_("请选择所在地区。")]
    if values["website"] and not wrong.get("website"):
        try:
            URLValidator(schemes=["http", "https"])(values["website"])
        except ValidationError:
            wrong["website"] = [_("网址的格式不对，应以http://或https://开头。")]
    if values["uscc"]:
        try:
            values["uscc"] = uscc_clean(values["uscc"])
        except Invalid as error:
            wrong["uscc"] = [error.message]
    if wrong or region is None:
        raise Invalid(fields=wrong)
    if values["uscc"]:
        held = organisations.organisation_with_uscc(values["uscc"], but=but)
        if held is not None:
            raise _already_there(actor, held)
    return OrganisationDraft(**values), region


def _already_there(actor: Actor, held: Organisation) -> AlreadyThere:
    """Names and leads to the holder of the credit code only where the actor may know of it."""
    if not organisations.organisations_visible(actor=actor).filter(pk=held.pk).exists():
        return AlreadyThere(_("这个统一社会信用代码已登记在另一主体名下，请联系平台统筹部门。"))
    return AlreadyThere(_("统一社会信用代码已登记在“%(name)s”名下。") % {"name": held.name}, organisation_id=held.pk)
