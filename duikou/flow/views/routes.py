"""The forms of a route: doing a step, sending back, withdrawing. They work without scripts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from duikou.flow.forms import ActForm, ReasonForm, ReturnForm
from duikou.flow.models import RouteRun, RouteStep, subject_of_kind
from duikou.flow.selectors.routes import ActView, acts_open_to, run_known, run_of, step_known
from duikou.flow.services.routes import AlreadyDone, Consent, run_withdraw, step_act, step_return
from duikou.flow.states import Verb
from duikou.kernel.errors import Conflict, Forbidden, Invalid, Stale
from duikou.kernel.verdict import Verdict
from duikou.kernel.web import Page


class RoutePage(Page):
    """What the three share: the frame of the form, and what becomes of a refusal."""

    needs = "flow.route.write"
    verb = ""

    def form_page(self, run: RouteRun, form: forms.Form, **more: Any) -> HttpResponse:
        """The form with what it speaks of; a status of 409 says that the page it was opened from is stale."""
        status = more.pop("status", 200)
        step: RouteStep | None = more.get("step")
        label = Verb(self.verb or (step.act if step else Verb.WITHDRAW)).label
        context = {
            "run": run,
            "form": form,
            "label": label,
            "url": subject_of_kind(run.subject_kind).url(run.subject_id),
            "action": self.request.path,
            "verdict": Verdict.yes(),
            **more,
        }
        return self.render("flow/route_act.html", context, status=status)

    def done(self, run: RouteRun, text: str) -> HttpResponse:
        """Back to what it is about."""
        messages.success(self.request, text)
        return HttpResponseRedirect(subject_of_kind(run.subject_kind).url(run.subject_id))

    def known(self, run: RouteRun, again: Conflict) -> HttpResponse:
        """Somebody was first, or the same person again: nothing was done, and the page says so."""
        level = messages.INFO if isinstance(again, AlreadyDone) else messages.WARNING
        messages.add_message(self.request, level, again.message)
        return HttpResponseRedirect(subject_of_kind(run.subject_kind).url(run.subject_id))

    def offered(self, run: RouteRun, verb: str, step: RouteStep | None) -> ActView | None:
        """What the reader may do here, if it is still to be done."""
        view = run_of(run.subject_kind, run.subject_id)
        if view is None or view.run.pk != run.pk:
            return None
        return next((act for act in acts_open_to(actor=self.actor, run=view) if _is(act, verb, step)), None)

    def theirs(self, step: RouteStep, verb: str) -> ActView:
        """What the reader may do at an open step; raises `Conflict` when it is open no more, or `Forbidden`."""
        act = self.offered(step.run, verb, step)
        if act is None:
            gone = (
                _("这一步不能退回，或已不再等待办理。")
                if verb == Verb.RETURN
                else _("这一步已不再等待办理，请刷新后再看。")
            )
            raise Conflict(gone)
        if not act.is_theirs:
            raise Forbidden(act.allowed.reason)
        return act


def _is(act: ActView, verb: str, step: RouteStep | None) -> bool:
    row = act.step.row if act.step else None
    return act.verb == verb and (row.pk if row else None) == (step.pk if step else None)


class StepAct(RoutePage):
    """Do a step."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form; `seen` comes from the page on which the content was shown."""
        step = step_known(actor=self.actor, step_id=pk)
        act = self.theirs(step, step.act)
        seen = request.GET.get("seen", "")[:64] or step.run.digest
        form = ActForm(initial={"seen": seen}, rule=_rule(step))
        return self.form_page(step.run, form, step=step, seen=seen, behalf=act.standing.giver_name, verdict=act.allowed)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it; a fault comes back at its field."""
        step = step_known(actor=self.actor, step_id=pk)
        form = ActForm(request.POST, request.FILES, rule=_rule(step))
        seen = form.data.get("seen", "")[:64]
        if form.is_valid():
            try:
                step_act(actor=self.actor, step_id=pk, **_given(form))
                return self.done(step.run, _("已办理。"))
            except Invalid as bad:
                _faults(form, bad)
            except Stale as stale:
                return self.form_page(step.run, form, step=step, seen=seen, stale=stale.message, status=409)
            except Conflict as again:
                return self.known(step.run, again)
        return self.form_page(step.run, form, step=step, seen=seen, status=400)


class StepReturn(RoutePage):
    """Send the matter back."""

    verb = Verb.RETURN.value

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form."""
        step = step_known(actor=self.actor, step_id=pk)
        act = self.theirs(step, self.verb)
        form = ReturnForm(targets=act.targets)
        return self.form_page(step.run, form, step=step, seen=step.run.digest, verdict=act.allowed)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        step = step_known(actor=self.actor, step_id=pk)
        rules = step.run.rules
        rule = _rule(step)
        form = ReturnForm(request.POST, targets=[(code, code) for code in rules.returns_from(rule)])
        if form.is_valid():
            try:
                step_return(actor=self.actor, step_id=pk, **form.cleaned_data)
                return self.done(step.run, _("已退回。"))
            except Invalid as bad:
                _faults(form, bad)
            except Conflict as again:
                return self.known(step.run, again)
        act = self.theirs(step, self.verb)
        form.fields["to"].choices = list(act.targets)  # type: ignore[attr-defined]
        return self.form_page(step.run, form, step=step, seen=step.run.digest, status=400)


class RouteWithdraw(RoutePage):
    """Take the matter back."""

    verb = Verb.WITHDRAW.value

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form."""
        run = run_known(actor=self.actor, run_id=pk)
        act = self.offered(run, Verb.WITHDRAW.value, None)
        if act is None:
            raise Conflict
        act.allowed.or_raise()
        return self.form_page(run, ReasonForm(), seen=run.digest)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        run = run_known(actor=self.actor, run_id=pk)
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                run_withdraw(actor=self.actor, run_id=pk, **form.cleaned_data)
                return self.done(run, _("已撤回。"))
            except Invalid as bad:
                _faults(form, bad)
            except Conflict as again:
                return self.known(run, again)
        return self.form_page(run, form, seen=run.digest, status=400)


def _rule(step: RouteStep) -> Any:
    rule = step.run.rules.step(step.code)
    if rule is None:
        raise Conflict
    return rule


def _given(form: ActForm) -> dict[str, Any]:
    data = form.cleaned_data
    consent = None
    if "consent_name" in data:
        consent = Consent(data["consent_name"], data["consent_post"], data["consent_on"])
    return {
        "seen": data["seen"],
        "note": data["note"],
        "consent": consent,
        "given": form.given,
        "evidence": data.get("evidence"),
    }


def _faults(form: forms.Form, bad: Invalid) -> None:
    """What a service refused, at the fields."""
    for name, texts in (bad.fields or {"": [bad.message]}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
