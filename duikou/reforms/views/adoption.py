"""What a region makes of a measure: its steps, its page, reports of what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, NotFound
from duikou.programme.models import Region
from duikou.reforms import policies, selectors
from duikou.reforms.forms import (
    AdaptForm,
    AdoptForm,
    EffectCorrectForm,
    EffectForm,
    EndForm,
    Figures,
    ReasonForm,
    adopt_initial,
    effect_initial,
    figures_initial,
)
from duikou.reforms.models import Adoption, EffectReport, ReformMeasure
from duikou.reforms.selectors import lists
from duikou.reforms.selectors.places import places_of
from duikou.reforms.services.adoptions import AdoptionDraft, adoption_step
from duikou.reforms.services.effects import effect_correct, effect_report
from duikou.reforms.services.waiting import adoption_address
from duikou.reforms.states import ADOPTIONS, VERBS, AdoptionState
from duikou.reforms.views.frame import FormPage, ReformPage, whole
from duikou.reforms.views.measure import region_of, step_label


class AdoptionPage(ReformPage):
    """Where a region stands with a measure, by what, since when, and what came of it."""

    def get(self, request: HttpRequest, adoption_id: int) -> HttpResponse:
        """The whole in a constant number of queries."""
        row = selectors.adoption_visible(actor=self.actor, adoption_id=adoption_id)
        context = {
            "row": row,
            "measure": row.measure,
            "sees_measure": selectors.measures_visible(actor=self.actor).filter(pk=row.measure_id).exists(),
            "effects": lists.effects_of(row),
            "report": policies.report(self.actor, row),
            "steps": [
                (
                    verb,
                    step_label(verb),
                    policies.adopt(self.actor, row.measure, row.region, state=row.state, is_other_side=True, verb=verb),
                )
                for verb in VERBS
                if ADOPTIONS.allows(AdoptionState(row.state), verb)
            ],
        }
        return self.render("reforms/adoption.html", context)


class Step(FormPage):
    """One step for one region."""

    needs = "reforms.adoption.write"
    template = "reforms/step.html"

    def _known(self, measure: ReformMeasure, region: Region, verb: str, *, judge: bool) -> Adoption | None:
        row = Adoption.objects.filter(measure=measure, region=region).select_related("measure", "region").first()
        policies.learn_for(self.actor, region).or_raise()
        if judge:
            is_other = region in places_of(measure.programme).across(measure.side)
            state = row.state if row else ""
            if state and not ADOPTIONS.allows(AdoptionState(state), verb):
                raise Conflict
            policies.adopt(self.actor, measure, region, state=state, is_other_side=is_other, verb=verb).or_raise()
        return row

    def _form(self, verb: str, region: Region, row: Adoption | None, data: Any = None, files: Any = None) -> Any:
        if verb == "adapt":
            initial = {"unit": row.unit_id, "planned_on": row.planned_on, "differences": row.differences} if row else {}
            return AdaptForm(data, bodies=lists.bodies_of(actor=self.actor, region=region), initial=initial)
        if verb == "adopt":
            return AdoptForm(data, files, initial=adopt_initial(row))
        return EndForm(data) if verb == "end" else ReasonForm(data)

    def get(self, request: HttpRequest, measure_id: int, adcode: str, verb: str) -> HttpResponse:
        """Ask for what goes with it."""
        measure = selectors.measure_visible(actor=self.actor, measure_id=measure_id)
        region = region_of(adcode, places_of(measure.programme))
        row = self._known(measure, region, verb, judge=True)
        more = {"figures": Figures(prefix="figures")} if verb == "adopt" else {}
        return self.show(self._form(verb, region, row), step_label(verb), **self._frame(measure, region, row), **more)

    def post(self, request: HttpRequest, measure_id: int, adcode: str, verb: str) -> HttpResponse:
        """Do it; following asks for nothing."""
        measure = selectors.measure_visible(actor=self.actor, measure_id=measure_id)
        region = region_of(adcode, places_of(measure.programme))
        row = self._known(measure, region, verb, judge=False)
        seen = whole(request.POST.get("revision"))
        if verb == "follow":
            adoption_step(
                actor=self.actor, measure_id=measure_id, region=region, verb=verb, draft=AdoptionDraft(), revision=seen
            )
            messages.success(request, _("已关注，可以提问或开始本地化。"))
            return redirect("reforms:measure", measure_id)
        form = self._form(verb, region, row, request.POST, request.FILES)
        figures = Figures(request.POST, prefix="figures") if verb == "adopt" else None

        def do() -> str:
            done = adoption_step(
                actor=self.actor,
                measure_id=measure_id,
                region=region,
                verb=verb,
                draft=_draft(verb, form, figures),
                revision=seen,
            )
            messages.success(request, _("已保存。"))
            return adoption_address(done)

        more = {**self._frame(measure, region, row), "revision": seen, "figures": figures}
        is_whole = figures is None or figures.is_valid()
        return self.done(
            form, step_label(verb), do, is_whole=is_whole, present=lambda: self._present(measure, region, verb), **more
        )

    def _present(self, measure: ReformMeasure, region: Region, verb: str) -> dict[str, Any]:
        """What stands there now, for whoever came too late."""
        row = Adoption.objects.filter(measure=measure, region=region).first()
        return dict(self._form(verb, region, row).initial)

    def _frame(self, measure: ReformMeasure, region: Region, row: Adoption | None) -> dict[str, Any]:
        return {"measure": measure, "region": region, "row": row, "revision": row.revision if row else 0}


def _draft(verb: str, form: Any, figures: Any) -> AdoptionDraft:
    if verb == "adapt":
        draft: AdoptionDraft = form.draft()
        return draft
    if verb == "adopt":
        adopted: AdoptionDraft = form.draft(figures.drafts())
        return adopted
    return AdoptionDraft(**form.cleaned_data)


class EffectNew(FormPage):
    """Report what came of it."""

    needs = "reforms.effect.write"
    template = "reforms/step.html"

    def _row(self, adoption_id: int) -> Adoption:
        row = selectors.adoption_visible(actor=self.actor, adoption_id=adoption_id)
        policies.report(self.actor, row).or_raise()
        return row

    def get(self, request: HttpRequest, adoption_id: int) -> HttpResponse:
        """The empty form."""
        row = self._row(adoption_id)
        form, figures = EffectForm(initial={"as_of": today()}), Figures(prefix="figures")
        return self.show(form, _("报告成效"), row=row, measure=row.measure, region=row.region, figures=figures)

    def post(self, request: HttpRequest, adoption_id: int) -> HttpResponse:
        """Report."""
        row = self._row(adoption_id)
        form, figures = EffectForm(request.POST), Figures(request.POST, prefix="figures")

        def do() -> str:
            effect_report(actor=self.actor, adoption_id=adoption_id, draft=form.draft(figures.drafts()))
            return adoption_address(row)

        more = {"row": row, "measure": row.measure, "region": row.region, "figures": figures}
        return self.done(form, _("报告成效"), do, is_whole=figures.is_valid(), **more)


class EffectCorrect(FormPage):
    """Put a report right by a new row."""

    needs = "reforms.effect.write"
    template = "reforms/step.html"

    def _rows(self, adoption_id: int, report_id: int) -> tuple[Adoption, EffectReport]:
        row = selectors.adoption_visible(actor=self.actor, adoption_id=adoption_id)
        policies.report(self.actor, row).or_raise()
        old = next((one for one in lists.effects_of(row) if one.pk == report_id), None)
        if old is None:
            raise NotFound
        return row, old

    def get(self, request: HttpRequest, adoption_id: int, report_id: int) -> HttpResponse:
        """The report as it is."""
        row, old = self._rows(adoption_id, report_id)
        form = EffectCorrectForm(initial=effect_initial(old))
        figures = Figures(prefix="figures", initial=figures_initial(old))
        return self.show(form, _("更正成效"), row=row, measure=row.measure, region=row.region, figures=figures)

    def post(self, request: HttpRequest, adoption_id: int, report_id: int) -> HttpResponse:
        """Write the correction."""
        row, old = self._rows(adoption_id, report_id)
        form = EffectCorrectForm(request.POST)
        figures = Figures(request.POST, prefix="figures", initial=figures_initial(old))

        def do() -> str:
            effect_correct(
                actor=self.actor,
                report_id=report_id,
                draft=form.draft(figures.drafts()),
                reason=form.cleaned_data["reason"],
            )
            return adoption_address(row)

        more = {"row": row, "measure": row.measure, "region": row.region, "figures": figures}
        return self.done(form, _("更正成效"), do, is_whole=figures.is_valid(), **more)
