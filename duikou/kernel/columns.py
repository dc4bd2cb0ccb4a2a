"""The columns of a list: what its page shows, what its export writes, what an address may choose and sort by."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.http import FileResponse
from django.utils.functional import Promise

from duikou.kernel.clock import today
from duikou.kernel.keyset import Order
from duikou.kernel.sheets import Out, write_xlsx
from duikou.kernel.templatetags.look import or_dash

Kind = Literal["text", "number", "integer", "money_wan", "date"]
Cells = list[tuple[Any, bool, Promise]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `plain` is what an export writes, `html` what the page shows (default: the same).

    `sort` is the field it is ordered by ("" = not at all), `width` the export's, in characters; a column that is not
    `usual` shows only when it is asked for.
    """

    name: str
    label: Promise
    plain: Callable[[Any], Any]
    html: Callable[[Any], Any] | None = None
    sort: str = ""
    kind: Kind = "text"
    width: float = 16.0
    usual: bool = True

    @property
    def number(self) -> bool:
        """Whether it stands to the right."""
        return self.kind in {"number", "integer", "money_wan"}

    def shown(self, row: Any) -> Any:
        """What the page shows."""
        return or_dash((self.html or self.plain)(row))

    def out(self) -> Out:
        """The column of an export."""
        return Out(str(self.label), self.kind, self.width)


@dataclass(frozen=True, slots=True)
class Choice:
    """A column in the chooser."""

    name: str
    label: Promise
    chosen: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns of one list; the one named `always` is never left out, `order` holds where nothing else is asked."""

    all: tuple[Column, ...]
    always: str
    order: Order = field(default_factory=lambda: Order("id", descending=True))

    def chosen(self, names: Sequence[str]) -> tuple[Column, ...]:
        """The columns asked for, in the list's own order; unknown names fall away, none means the usual ones."""
        wanted = set(names) & {column.name for column in self.all}
        return tuple(
            column
            for column in self.all
            if (column.name in wanted if wanted else column.usual) or column.name == self.always
        )

    def chooser(self, chosen: tuple[Column, ...]) -> list[Choice]:
        """Every column, and whether it is shown."""
        return [Choice(column.name, column.label, column in chosen) for column in self.all]

    def order_of(self, text: str) -> Order:
        """The order that `sort` in the address names ("-year" falls); anything else means the list's own."""
        column = next((one for one in self.all if one.sort and one.name == text.removeprefix("-")), None)
        return self.order if column is None else Order(column.sort, descending=text.startswith("-"))


def cells_of(row: Any, columns: tuple[Column, ...]) -> Cells:
    """What the page shows of a row: value, whether it stands to the right, and its label for narrow windows."""
    return [(column.shown(row), column.number, column.label) for column in columns]


def workbook(title: str, columns: tuple[Column, ...], chunks: Iterable[list[Any]]) -> FileResponse:
    """These columns of all rows as a download named after `title` and the day."""
    rows = ([column.plain(row) for column in columns] for row in itertools.chain.from_iterable(chunks))
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_xlsx(target, title, [column.out() for column in columns], rows)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{title}-{today():%Y%m%d}.xlsx")
