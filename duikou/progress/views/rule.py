"""The coordinator sets the reporting days of a programme."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Invalid, Stale
from duikou.programme.models import Programme
from duikou.progress.forms.rule import RuleForm
from duikou.progress.models import month_label
from duikou.progress.selectors.months import closed_months, days_of, month_now, rule_of
from duikou.progress.services.months import rule_set
from duikou.progress.views.page import ProgressPage


class Rule(ProgressPage):
    """Due day, closing day, which projects owe a report."""

    needs = "progress.rule.edit"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form as it stands."""
        programme = self.programme()
        return self._show(programme, RuleForm(rule=rule_of(programme)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set them."""
        programme = self.programme()
        form = RuleForm(request.POST, rule=rule_of(programme))
        if not form.is_valid():
            return self._show(programme, form, status=400)
        try:
            rule_set(actor=self.actor, programme=programme, **form.cleaned_data)
        except Invalid as bad:
            for name, texts in bad.fields.items():
                for text in texts:
                    form.add_error(name if name in form.fields else None, text)
            return self._show(programme, form, status=400)
        except Stale as stale:
            data = request.POST.copy()
            data["version"] = str(rule_of(programme).version)
            form = RuleForm(data, rule=rule_of(programme))
            form.add_error(None, stale.message)
            return self._show(programme, form, status=409)
        messages.success(request, _("已保存。已锁定的月份不受影响。"))
        return redirect(f"{request.path}?programme={programme.code}")

    def _show(self, programme: Programme, form: RuleForm, status: int = 200) -> HttpResponse:
        rule = rule_of(programme)
        month = month_now(rule)
        closed = sorted(closed_months(programme.pk), reverse=True)[:12]
        context = {
            "programme": programme,
            "form": form,
            "month_label": month_label(month),
            "days": days_of(rule, month),
            "closed": [month_label(one) for one in closed],
        }
        return self.render("progress/rule.html", context, status=status)
