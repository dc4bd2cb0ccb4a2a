"""Tables of companies and of official figures as kinds of import: which park they go into."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.intake.models import ImportRun
from duikou.intake.services.kinds import Column, ImportKind, Option, Options, register
from duikou.kernel.actor import Actor
from duikou.parks import policies
from duikou.parks.models import Park
from duikou.parks.selectors.page import sides_of
from duikou.parks.services.cells import figure_columns, resident_columns
from duikou.parks.services.import_figures import FigureJudge, FigureWriter
from duikou.parks.services.import_residents import ResidentJudge, ResidentWriter, data_stamp, parks_enterable


def register_kinds() -> None:
    """Offer both kinds to the import engine."""
    register(
        ImportKind(
            code="park-residents",
            label=gettext_lazy("园区入园企业表"),
            permission=policies.ENTER.code,
            columns=_resident_columns,
            checker=ResidentJudge,
            committer=ResidentWriter,
            stamp=data_stamp,
            options=_options,
            result_url=_residents,
            order=5,
        )
    )
    register(
        ImportKind(
            code="park-figures",
            label=gettext_lazy("园区在地数据表"),
            permission=policies.ENTER.code,
            columns=_figure_columns,
            checker=FigureJudge,
            committer=FigureWriter,
            stamp=data_stamp,
            options=_options,
            result_url=_figures,
            order=6,
        )
    )


def _options(actor: Actor) -> Sequence[Option]:
    choices = [(str(park.pk), str(park)) for park in parks_enterable(actor=actor)]
    return (Option("park", _("写入哪个园区"), choices, choices[0][0] if choices else ""),)


def _park_id(run_pk: int) -> int:
    options = ImportRun.objects.values_list("options", flat=True).get(pk=run_pk)
    return int(options["park"])


def _residents(run_pk: int) -> str:
    return reverse("parks:residents", args=[_park_id(run_pk)])


def _figures(run_pk: int) -> str:
    return reverse("parks:review", args=[_park_id(run_pk)])


def _resident_columns(options: Options) -> Sequence[Column]:
    number = options.get("park", "")
    related = ("project__first_region", "project__second_region")
    park = Park.objects.select_related(*related).filter(pk=int(number) if number.isdecimal() else 0).first()
    return resident_columns(sides_of(park) if park is not None else ("", ""))


def _figure_columns(_options: Options) -> Sequence[Column]:
    return figure_columns()
