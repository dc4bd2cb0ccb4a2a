"""The rows that cannot be imported, as a workbook to mend and bring again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from duikou.intake.models import ImportFinding, ImportRun
from duikou.intake.services import stage
from duikou.intake.services.kinds import ImportKind, kind_of
from duikou.intake.services.runs import expected_names, limits
from duikou.intake.states import Severity
from duikou.kernel.sheets import Book, Out, Table, Writer


def write_errors(run: ImportRun, target: IO[bytes]) -> int:
    """Write the rows with errors as they stand in the file, reasons in the last column; returns how many.

    The header is the file's own, so that the mended workbook is mapped as the first one was.
    """
    reasons = _reasons(run)
    kind = kind_of(run.kind)
    count = 0
    with Book(stage.source_path(run.uid), name=run.file_name, limits=limits()) as book, Writer(target) as out:
        for table in book.tables(expected_names(kind, run.options)):
            wanted = reasons.get(table.sheet.name)
            if not wanted:
                continue
            columns = [Out(name or " ", width=18) for name in table.columns]
            columns += [Out(str(_("原行号")), "integer", 8), Out(str(_("错误原因")), width=60)]
            count += out.table(table.sheet.name, columns, _rows(table, wanted))
        if not count:
            out.table(str(_("没有错误")), [Out(str(_("错误原因")))], [])
    return count


def _reasons(run: ImportRun) -> dict[str, dict[int, list[str]]]:
    found: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = ImportFinding.objects.filter(run=run, severity=Severity.ERROR).order_by("id")
    for sheet, row, letter, reason in rows.values_list("sheet", "row", "letter", "reason").iterator(2000):
        found[sheet][row].append(
            _("%(label)s：%(text)s") % {"label": f"{letter}{row}", "text": reason} if letter else reason
        )
    return found


def _rows(table: Table, wanted: dict[int, list[str]]) -> Iterator[list[Any]]:
    for _kind, row in table.rows():
        if row.number in wanted:
            yield [*row.cells, row.number, "\n".join(wanted[row.number])]


def write_template(kind: ImportKind, options: dict[str, str], target: IO[bytes]) -> None:
    """An empty table of this kind: header, one example, and what each column means."""
    columns = kind.columns(options)
    with Writer(target) as out:
        out.table(str(kind.label), [Out(column.label, width=18) for column in columns], [])
        out.table(
            str(_("填写说明")),
            [Out(str(_("列"))), Out(str(_("必填"))), Out(str(_("说明")), width=60), Out(str(_("示例")), width=30)],
            [[c.label, str(_("是")) if c.required else "", c.help, c.example] for c in columns],
        )
