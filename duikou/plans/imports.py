"""The table of promises as a kind of import: which draft it goes into, which columns there are."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.intake.models import ImportRun
from duikou.intake.services.kinds import Column, ImportKind, Option, Options, register
from duikou.kernel.actor import Actor
from duikou.plans import policies
from duikou.plans.models import PlanVersion
from duikou.plans.rules.units import SideNames
from duikou.plans.selectors.drafts import drafts_writable
from duikou.plans.selectors.scope import RELATED
from duikou.plans.services.entry_import import EntryJudge, EntryWriter, data_stamp
from duikou.plans.services.entry_table import names_of, read_columns

CODE = "plan-entries"


def register_kind() -> None:
    """Offer tables of promises to the import engine."""
    register(
        ImportKind(
            code=CODE,
            label=gettext_lazy("计划事项表"),
            permission=policies.WRITE.code,
            columns=columns,
            checker=EntryJudge,
            committer=EntryWriter,
            stamp=data_stamp,
            options=_options,
            result_url=_result,
            order=1,
        )
    )


def _options(actor: Actor) -> Sequence[Option]:
    drafts = drafts_writable(actor=actor)
    choices = [(str(version.pk), str(version)) for version in drafts]
    return (Option("version", _("写入哪个计划的草案"), choices, choices[0][0] if choices else ""),)


def _result(run_pk: int) -> str:
    """The version that the rows went into."""
    options = ImportRun.objects.values_list("options", flat=True).get(pk=run_pk)
    plan_id, number = PlanVersion.objects.values_list("plan_id", "number").get(pk=int(options["version"]))
    return reverse("plans:version", args=[plan_id, number])


def columns(options: Options) -> Sequence[Column]:
    """The columns, the two lists of units named as the plan's sides are."""
    number = options.get("version", "")
    version = PlanVersion.objects.select_related(*RELATED).filter(pk=int(number) if number.isdecimal() else 0).first()
    if version is None:
        return read_columns(SideNames(_("甲"), _("乙")))
    return read_columns(names_of(version))
