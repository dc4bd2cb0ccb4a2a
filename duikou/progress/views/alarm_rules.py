"""The parameters of alarms: read by all, set by the coordinator, kept in versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid, NotFound, Stale
from duikou.kernel.permissions import check
from duikou.programme.models import Programme
from duikou.progress import policies
from duikou.progress.forms.alarms import RuleForm, rule_rows
from duikou.progress.rules.alarms import NAMES
from duikou.progress.selectors.alarms import rule_versions, rules_of
from duikou.progress.services.alarms_rules import rule_set
from duikou.progress.views.alarms import AlarmView
from duikou.projects.selectors import programme_chosen, programmes_open


class _Rules(AlarmView):
    def programme(self) -> Programme:
        """The programme that the address names, or the platform's own; raises `NotFound` when none is loaded."""
        found = programme_chosen(self.request.GET.get("programme", ""), programmes_open())
        if found is None:
            raise NotFound
        return found


class AlarmRules(_Rules):
    """What is in force, and every version before."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        programme = self.programme()
        rule = rules_of([programme.pk])[programme.pk]
        context = {
            "programme": programme,
            "rule": rule,
            "rows": rule_rows(rule.thresholds),
            "versions": rule_versions(programme_id=programme.pk),
            "edit": check(self.actor, policies.ALARM_RULE.code),
        }
        return self.render("progress/alarm_rules.html", context)


class AlarmRulesEdit(_Rules):
    """Set them from a day on."""

    needs = "progress.alarmrule.edit"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, filled with the newest version."""
        programme = self.programme()
        version, present = self._newest(programme)
        initial = {name: getattr(present, name) for name in NAMES} | {"valid_from": today()}
        return self._show(RuleForm(initial=initial), programme, version)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set them; what is refused keeps what was typed."""
        programme = self.programme()
        form = RuleForm(request.POST)
        seen = request.POST.get("version", "")
        version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
        if not form.is_valid():
            return self._show(form, programme, version)
        data = form.cleaned_data
        try:
            rule_set(
                actor=self.actor,
                programme=programme,
                values={name: data[name] for name in NAMES},
                valid_from=data["valid_from"],
                reason=data["reason"],
                version=version,
            )
        except Invalid as bad:
            form.add_faults(bad.fields)
            return self._show(form, programme, version)
        except Stale as stale:
            form.add_error(None, stale.message)
            return self._show(form, programme, self._newest(programme)[0], status=409)
        messages.success(request, _("已保存，从生效日期起按新参数判断。"))
        return redirect("progress:alarm-rules")

    @staticmethod
    def _newest(programme: Programme) -> tuple[int, Any]:
        rows = rule_versions(programme_id=programme.pk)
        if rows:
            return rows[0].version, rows[0].thresholds
        return 0, rules_of([programme.pk])[programme.pk].thresholds

    def _show(self, form: RuleForm, programme: Programme, version: int, *, status: int | None = None) -> HttpResponse:
        context = {"form": form, "programme": programme, "version": version}
        return self.render("progress/alarm_rules_form.html", context, status=status or (400 if form.errors else 200))
