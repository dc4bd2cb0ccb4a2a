"""Pages of imports."""

from __future__ import annotations

import tempfile
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.intake.forms import ACCEPT, UploadForm
from duikou.intake.models import ImportRun
from duikou.intake.policies import may_work_on
from duikou.intake.selectors import (
    decisions_of,
    decisions_open,
    earlier_of_same_file,
    findings_of,
    run_visible,
    runs_visible,
)
from duikou.intake.services import stage
from duikou.intake.services.annotated import write_errors, write_template
from duikou.intake.services.decisions import decisions_make, decisions_make_all
from duikou.intake.services.kinds import ImportKind, Option, kind_of, kinds
from duikou.intake.services.runs import run_cancel, run_map, run_upload
from duikou.intake.services.start import run_start_check, run_start_commit
from duikou.intake.states import RUNNING, Choice, Fate, RunState
from duikou.kernel import permissions
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.sheets import column_letter
from duikou.kernel.web.page import Page

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Runs(Page):
    """Imports of one's organisation, and where a file is brought."""

    needs = "intake.run.read"

    def get(self, request: Any) -> HttpResponse:
        """The list; the address may choose the kind and its options beforehand."""
        given = {name: value for name, value in request.GET.items() if name != "page"}
        return self._page(self._form(initial=given))

    def post(self, request: Any) -> HttpResponse:
        """Take a file in and go on to its columns."""
        permissions.check(self.actor, "intake.run.create").or_raise()
        form = self._form(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form, status=400)
        file = form.cleaned_data["file"]
        try:
            run = run_upload(
                actor=self.actor,
                kind=form.cleaned_data["kind"],
                name=file.name,
                pieces=file.chunks(),
                options=form.options(),
            )
        except Invalid as error:
            form.add_error("file", error.message)
            return self._page(form, status=400)
        return redirect("intake:mapping", uid=run.uid)

    def _form(self, *data: Any, **kwargs: Any) -> UploadForm:
        return UploadForm(*data, kinds=self._kinds(), actor=self.actor, **kwargs)

    def _kinds(self) -> list[ImportKind]:
        return [kind for kind in kinds() if permissions.check(self.actor, kind.permission)]

    def _page(self, form: UploadForm, status: int = 200) -> HttpResponse:
        may = permissions.check(self.actor, "intake.run.create")
        runs = Paginator(runs_visible(actor=self.actor), PAGE).get_page(self.request.GET.get("page"))
        context = {"form": form, "runs": runs, "may": may, "kinds": self._kinds(), "accept": ACCEPT}
        return self.render("intake/runs.html", context, status=status)


class RunPage(Page):
    """What pages of one import share: the run itself, 404 for strangers."""

    needs = "intake.run.read"

    def find(self, uid: UUID) -> ImportRun:
        """The run, as the actor may see it."""
        return run_visible(actor=self.actor, uid=uid)


class Mapping(RunPage):
    """Which column fills which field."""

    def get(self, request: Any, uid: UUID) -> HttpResponse:
        """The guesses, to be corrected."""
        run = self.find(uid)
        return self._page(run, run.mapping)

    def post(self, request: Any, uid: UUID) -> HttpResponse:
        """Keep the mapping and start the dry run."""
        run = self.find(uid)
        mapping: dict[str, dict[str, str]] = {}
        for at, table in enumerate(run.tables):
            chosen = {str(n): request.POST.get(f"c-{at}-{n}", "") for n in range(len(table["columns"]))}
            mapping[str(at)] = chosen if request.POST.get(f"use-{at}") else {}
        try:
            run_map(actor=self.actor, uid=str(uid), mapping=mapping, options=self._chosen(run))
            run_start_check(actor=self.actor, uid=str(uid))
        except Invalid as error:
            return self._page(run, mapping, error.message)
        return redirect("intake:run", uid=uid)

    def _offered(self, run: ImportRun) -> list[Option]:
        return [option for option in kind_of(run.kind).options(self.actor) if not option.at_upload]

    def _chosen(self, run: ImportRun) -> dict[str, str]:
        given = {option.key: self.request.POST.get(f"o-{option.key}", "") for option in self._offered(run)}
        return {key: value for key, value in given.items() if value}

    def _page(self, run: ImportRun, mapping: dict[str, Any], problem: str = "") -> HttpResponse:
        columns = kind_of(run.kind).columns(run.options)
        tables = [
            {
                "at": at,
                "sheet": table["sheet"],
                "used": bool(mapping.get(str(at))),
                "rows": [
                    {
                        "n": n,
                        "letter": column_letter(n),
                        "header": name,
                        "hidden": n in table.get("hidden", ()),
                        "samples": [sample[n] for sample in table["samples"] if n < len(sample) and sample[n]][:3],
                        "key": mapping.get(str(at), {}).get(str(n), ""),
                    }
                    for n, name in enumerate(table["columns"])
                ],
            }
            for at, table in enumerate(run.tables)
        ]
        context = {
            "run": run,
            "kind": kind_of(run.kind),
            "tables": tables,
            "columns": columns,
            "options": [_option(option, run) for option in self._offered(run)],
            "problem": problem,
            "may": may_work_on(self.actor, run),
            "earlier": earlier_of_same_file(actor=self.actor, run=run),
        }
        return self.render("intake/mapping.html", context, status=400 if problem else 200)


def _option(option: Option, run: ImportRun) -> dict[str, Any]:
    picked = run.options.get(option.key, option.default)
    return {
        "key": option.key,
        "label": option.label,
        "choices": [
            {"code": code, "label": label, "picked": code == picked, "refused": option.refused.get(code, "")}
            for code, label in option.choices
        ],
    }


class Run(RunPage):
    """Where an import stands, the fate of every row, what was found, what is to be decided."""

    def get(self, request: Any, uid: UUID) -> HttpResponse:
        """The page, or only its running part for htmx."""
        run = self.find(uid)
        return self.render("intake/run.html", self._context(run))

    def _context(self, run: ImportRun) -> dict[str, Any]:
        kind = kind_of(run.kind)
        waiting = decisions_open(run)
        tab = self.request.GET.get("tab") or ("decisions" if waiting else "findings" if run.error_count else "rows")
        context = {
            "run": run,
            "kind": kind,
            "may": may_work_on(self.actor, run),
            "progress": stage.progress_of(run.uid),
            "running": run.state in RUNNING,
            "earlier": earlier_of_same_file(actor=self.actor, run=run),
            "waiting": waiting,
            "tab": tab,
            "fates": _fates(run, kind),
            "result_url": kind.result_url(run.pk) if kind.result_url and run.committed_at else "",
        }
        return context | {"rows": self._rows, "findings": self._findings, "decisions": self._decisions}.get(
            tab, self._rows
        )(run)

    def _rows(self, run: ImportRun) -> dict[str, Any]:
        fate = self.request.GET.get("fate", "")
        fate = fate if fate in Fate.values else "all"
        number = _number(self.request.GET.get("page"), 1)
        total = stage.count(run.uid, fate)
        pages = max(1, -(-total // PAGE))
        number = min(number, pages)
        rows = [{"row": row, "fate": Fate(row.fate)} for row in stage.page(run.uid, fate, (number - 1) * PAGE, PAGE)]
        return {"rows": rows, "fate": fate, "total": total, **_pages(number, pages)}

    def _findings(self, run: ImportRun) -> dict[str, Any]:
        found = Paginator(findings_of(run, self.request.GET.get("severity", "")), PAGE)
        page = found.get_page(self.request.GET.get("page"))
        return {"findings": page, "total": found.count, **_pages(page.number, found.num_pages)}

    def _decisions(self, run: ImportRun) -> dict[str, Any]:
        found = Paginator(decisions_of(run), PAGE)
        page = found.get_page(self.request.GET.get("page"))
        return {
            "decisions": page,
            "total": found.count,
            "choices": Choice.choices,
            **_pages(page.number, found.num_pages),
        }


def _fates(run: ImportRun, kind: ImportKind) -> list[dict[str, Any]]:
    return [
        {
            "code": fate.value,
            "label": kind.aside_label if fate is Fate.ASIDE and kind.aside_label else fate.label,
            "count": run.counters.get(fate.value, 0),
        }
        for fate in Fate
    ]


def _number(text: str | None, default: int) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 9 else default


def _pages(number: int, pages: int) -> dict[str, int]:
    return {
        "page_number": number,
        "page_count": pages,
        "page_before": number - 1,
        "page_after": (number + 1) % (pages + 1),
    }


class Progress(RunPage):
    """The running part of the page, asked for again and again."""

    def get(self, request: Any, uid: UUID) -> HttpResponse:
        """A fragment while the job runs; afterwards the page is told to load anew."""
        run = self.find(uid)
        if run.state not in RUNNING:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        context = {"run": run, "progress": stage.progress_of(run.uid), "may": may_work_on(self.actor, run)}
        return self.render("intake/parts/progress.html", context)


class Check(RunPage):
    """Start the dry run (again)."""

    def post(self, request: Any, uid: UUID) -> HttpResponse:
        """Queue it."""
        run_start_check(actor=self.actor, uid=str(uid))
        return redirect("intake:run", uid=uid)


class Commit(RunPage):
    """Write the rows."""

    def post(self, request: Any, uid: UUID) -> HttpResponse:
        """Queue it."""
        run_start_commit(actor=self.actor, uid=str(uid), leave_errors=bool(request.POST.get("leave_errors")))
        return redirect("intake:run", uid=uid)


class Cancel(RunPage):
    """Stop an import."""

    def post(self, request: Any, uid: UUID) -> HttpResponse:
        """Ask the job to stop, or drop the run."""
        run = run_cancel(actor=self.actor, uid=str(uid))
        if run.state == RunState.CANCELLED:
            messages.success(request, _("已取消这次导入，没有改动任何数据。"))
        return redirect("intake:run", uid=uid)


class Decisions(RunPage):
    """Settle near-duplicates, one by one or all alike."""

    def post(self, request: Any, uid: UUID) -> HttpResponse:
        """Keep what was chosen on the page, or the one choice for all that are open."""
        every = request.POST.get("all", "")
        if every:
            count = decisions_make_all(actor=self.actor, uid=str(uid), choice=every)
        else:
            choices = {
                int(name[2:]): (value, request.POST.get(f"t-{name[2:]}", ""))
                for name, value in request.POST.items()
                if name.startswith("d-") and name[2:].isdecimal() and value
            }
            count = decisions_make(actor=self.actor, uid=str(uid), choices=choices)
        messages.success(request, _("已保存 %(count)s 行的决定。") % {"count": count})
        return redirect("intake:run", uid=uid)


class Errors(RunPage):
    """The rows with errors, to mend."""

    def get(self, request: Any, uid: UUID) -> HttpResponseBase:
        """An annotated workbook."""
        run = self.find(uid)
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        write_errors(run, target)
        target.seek(0)
        name = _("%(file)s-错误行.xlsx") % {"file": run.file_name.rsplit(".", 1)[0]}
        return FileResponse(target, as_attachment=True, filename=name, content_type=XLSX)


class Template(Page):
    """An empty table of a kind."""

    needs = "intake.run.create"

    def get(self, request: Any, kind: str) -> HttpResponseBase:
        """The workbook with header and explanations."""
        found = next((known for known in kinds() if known.code == kind), None)
        if found is None:
            raise NotFound()
        permissions.check(self.actor, found.permission).or_raise()
        options = {option.key: option.default for option in found.options(self.actor)}
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        write_template(found, options, target)
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=f"{found.label}.xlsx", content_type=XLSX)
