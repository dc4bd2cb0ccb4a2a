"""Who owns what, by region and kind, and the numbers of the clock."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.greenchannel import policies
from duikou.greenchannel.forms import ParametersForm, RuleForm, RuleStart, rule_initial
from duikou.greenchannel.models import OwnerRule
from duikou.greenchannel.selectors.owners import bodies_of, live_posts, posts_of, rule_visible, rules_visible
from duikou.greenchannel.selectors.parameters import numbers_of, terms_of
from duikou.greenchannel.selectors.places import region_writable, regions_writable
from duikou.greenchannel.services.rules import parameters_set, rule_end, rule_set
from duikou.greenchannel.views.page import GreenPage, whole
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.permissions import check
from duikou.programme.models import Programme, Region
from duikou.programme.selectors import blocker_kinds_of, programme_at, programmes


class Rules(GreenPage):
    """The rules in force near the viewer, and the terms."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Each rule says when its person has left."""
        programme = _programme(request)
        rows = list(rules_visible(actor=self.actor).filter(programme=programme).order_by("region__path", "kind__order"))
        wanted = [pk for row in rows for pk in (row.person_id, row.stand_in_id) if pk is not None]
        context = {
            "programme": programme,
            "programmes": [one for one in programmes() if one.pk != programme.pk],
            "rows": [(row, policies.rule_write(self.actor, row.region)) for row in rows],
            "live": set(live_posts().filter(pk__in=wanted).values_list("pk", flat=True)),
            "write": policies.rule_write(self.actor, None),
            "terms": terms_of(programme),
            "numbers": numbers_of(programme),
            "set": check(self.actor, policies.PARAMETERS.code),
        }
        return self.render("greenchannel/rules.html", context)


class RuleNew(GreenPage):
    """Set a rule: first for which region, then for whom."""

    needs = "greenchannel.rule.write"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The regions that the actor may set rules for; then the form of one."""
        programme = _programme(request)
        given = request.GET.get("region", "")
        if given:
            region = region_writable(actor=self.actor, adcode=given)
            policies.rule_write(self.actor, region).or_raise()
            return _show(self, _form(programme, region), programme, region)
        start = RuleStart(regions=regions_writable(actor=self.actor, programme=programme))
        return self.render("greenchannel/rule_start.html", {"form": start, "programme": programme})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set it."""
        programme = _programme(request)
        region = region_writable(actor=self.actor, adcode=request.GET.get("region", ""))
        return _save(self, programme, region, None)


class RuleEdit(GreenPage):
    """Change a rule."""

    needs = "greenchannel.rule.write"

    def get(self, request: HttpRequest, rule_id: int) -> HttpResponse:
        """As it is."""
        rule = rule_visible(actor=self.actor, rule_id=rule_id)
        policies.rule_write(self.actor, rule.region).or_raise()
        return _show(self, _form(rule.programme, rule.region, rule=rule), rule.programme, rule.region, rule)

    def post(self, request: HttpRequest, rule_id: int) -> HttpResponse:
        """Save it."""
        rule = rule_visible(actor=self.actor, rule_id=rule_id)
        return _save(self, rule.programme, rule.region, rule)


class RuleEnd(GreenPage):
    """A rule holds no more."""

    needs = "greenchannel.rule.write"

    def post(self, request: HttpRequest, rule_id: int) -> HttpResponse:
        """End it; requests that are open keep their owner."""
        rule = rule_visible(actor=self.actor, rule_id=rule_id)
        rule_end(actor=self.actor, rule_id=rule.pk, revision=whole(request.POST.get("revision")))
        messages.success(request, _("已停用这条规则，未办结的诉求责任人不变。"))
        return redirect(_address(rule.programme))


class Parameters(GreenPage):
    """The numbers of the clock: none is official, each names its default."""

    needs = "greenchannel.parameter.write"

    def get(self, request: HttpRequest) -> HttpResponse:
        """As they hold."""
        programme = _programme(request)
        return self._show(self._form(programme), programme)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set them."""
        programme = _programme(request)
        form = self._form(programme, request.POST)
        if form.is_valid():
            try:
                basis = form.cleaned_data["basis"]
                parameters_set(actor=self.actor, programme=programme, days=form.days(), basis=basis)
            except Invalid as bad:
                form.add_faults(bad.fields)
            else:
                messages.success(request, _("已保存。新的期限适用于此后提出的诉求。"))
                return redirect(_address(programme))
        return self._show(form, programme)

    def _form(self, programme: Programme, data: Any = None) -> ParametersForm:
        return ParametersForm(data, sets=[*terms_of(programme), *numbers_of(programme)])

    def _show(self, form: ParametersForm, programme: Programme) -> HttpResponse:
        context = {"form": form, "programme": programme, "title": _("期限和督办参数"), "action": ""}
        return self.render("greenchannel/rule_form.html", context, status=400 if form.errors else 200)


def _programme(request: HttpRequest) -> Programme:
    """The programme in the address, or the platform's own."""
    code = request.GET.get("programme") or settings.PROGRAMME
    found = programme_at(code)
    if found is None:
        raise NotFound
    return found


def _address(programme: Programme) -> str:
    return f"{reverse('greenchannel:rules')}?programme={programme.code}"


def _form(programme: Programme, region: Region, data: Any = None, *, rule: OwnerRule | None = None) -> RuleForm:
    return RuleForm(
        data,
        kinds=blocker_kinds_of(programme),
        bodies=bodies_of(region),
        posts=posts_of(region),
        initial=rule_initial(rule) if rule else {},
    )


def _save(page: GreenPage, programme: Programme, region: Region, rule: OwnerRule | None) -> HttpResponse:
    policies.rule_write(page.actor, region).or_raise()
    form, status = _form(programme, region, page.request.POST, rule=rule), 400
    if form.is_valid():
        try:
            rule_set(
                actor=page.actor,
                draft=form.draft(programme, region),
                rule_id=rule.pk if rule else None,
                revision=whole(page.request.POST.get("revision")),
            )
        except Invalid as bad:
            form.add_faults(bad.fields)
        except Conflict as refused:
            form.add_error(None, refused.message)
            status = 409
        else:
            messages.success(page.request, _("已保存。新的诉求按这条规则确定责任人。"))
            return redirect(_address(programme))
    return _show(page, form, programme, region, rule, status=status)


def _show(
    page: GreenPage,
    form: RuleForm,
    programme: Programme,
    region: Region,
    rule: OwnerRule | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "programme": programme,
        "title": _("%(region)s的责任规则") % {"region": region.label},
        "revision": rule.revision if rule else 0,
    }
    return page.render("greenchannel/rule_form.html", context, status=status)
