"""A kind of import that means nothing: names with a figure, kept as notes in a list of memory of organisations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from duikou.access.models import Organisation
from duikou.intake.models import ImportRun
from duikou.intake.services import kinds
from duikou.intake.services.kinds import (
    Accepted,
    Candidate,
    Column,
    ImportKind,
    Incoming,
    Judged,
    Options,
    Problem,
    Source,
    register,
)
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import run_start_check, run_start_commit
from duikou.intake.states import Fate, Severity
from duikou.kernel.actor import Actor, Role
from duikou.kernel.permissions import declare
from duikou.kernel.sheets import number_of, text_of
from duikou.kernel.text import near_key
from duikou.programme.models import Region

declare("intake.sample.write", roles={Role.OFFICE_EDITOR, Role.OFFICE_LEAD}, reason="您的岗位不能导入样例。")


def _number(cell: Any) -> str:
    try:
        return str(number_of(cell))
    except ValueError:
        raise ValueError("不是数字") from None


class Checker:
    """Organisations by name: same name same, half a name near."""

    def __init__(self, _actor: Actor, _options: Options) -> None:
        self.seen: set[str] = set()

    def __call__(self, batch: Sequence[Incoming]) -> list[Judged]:
        known = dict(Organisation.objects.filter(kind="park").values_list("name", "pk"))
        return [self._judge(row, known) for row in batch]

    def _judge(self, row: Incoming, known: dict[str, int]) -> Judged:
        name = row.values["name"] or ""
        problems = []
        if row.values["figure"] == "13":
            problems = [Problem("figure", "unlucky", "不吉利的数字。", Severity.WARNING)]
        if row.values["figure"] == "14":
            problems = [Problem("figure", "refused", "不接受的数字。")]
        if name in known or name in self.seen:
            return Judged(Fate.SAME, name, None, problems)
        self.seen.add(name)
        near = [Candidate(str(pk), other, 80) for other, pk in known.items() if other[:2] == name[:2]]
        return Judged(Fate.NEAR if near else Fate.NEW, name, name, problems, near)


class Committer:
    """Writes parks."""

    def __init__(self, actor: Actor, _options: Options, _source: Source) -> None:
        self.actor = actor
        self.made = 0
        self.region = Region.objects.get(adcode="210100")

    def terms(self) -> None:
        pass

    def __call__(self, batch: Sequence[Accepted]) -> None:
        for row in batch:
            if row.fate is Fate.NEW:
                if row.payload == "崩溃":
                    raise RuntimeError("the machine went away")
                Organisation.objects.create(
                    name=row.payload, near_key=near_key(row.payload), kind="park", region=self.region
                )
                self.made += 1

    def finish(self) -> dict[str, int]:
        return {"新增": self.made}


SAMPLE = ImportKind(
    code="sample",
    label="样例",
    permission="intake.sample.write",
    columns=lambda _options: (
        Column("name", "名称", text_of, aliases=("项目名称", "单位名称"), required=True),
        Column("figure", "数值", _number, aliases=("金额",), fits=str.isdecimal),
    ),
    checker=Checker,
    committer=Committer,
    stamp=lambda _options: str(Organisation.objects.filter(kind="park").count()),
)


@pytest.fixture(autouse=True)
def sample(tmp_path: Path) -> Iterator[ImportKind]:
    """The kind, registered for the test; the data folder thrown away."""
    home, settings.HOME = settings.HOME, tmp_path
    register(SAMPLE)
    yield SAMPLE
    kinds._kinds.pop("sample")
    settings.HOME = home


def work(run: ImportRun) -> None:
    """Do what is queued for a run, as the worker would (which on PostgreSQL closes the test's own connection)."""
    from duikou.intake.services.check import run_check
    from duikou.intake.services.commit import run_commit

    run_check(run_id=run.pk)
    run_commit(run_id=run.pk)
    run.refresh_from_db()


Bring = Callable[..., ImportRun]


@pytest.fixture
def bring(shenyang_editor: Any) -> Bring:
    """Upload a text and, unless told otherwise, run the dry run."""

    def upload(text: str | bytes, *, name: str = "表.csv", check: bool = True, who: Any = None) -> ImportRun:
        actor = (who or shenyang_editor).actor
        data = text if isinstance(text, bytes) else text.encode()
        run = run_upload(actor=actor, kind="sample", name=name, pieces=[data])
        if check:
            run_start_check(actor=actor, uid=str(run.uid))
            work(run)
        return run

    return upload


@pytest.fixture
def commit(shenyang_editor: Any) -> Callable[..., ImportRun]:
    """Write a checked run."""

    def write(run: ImportRun, **kwargs: Any) -> ImportRun:
        run_start_commit(actor=shenyang_editor.actor, uid=str(run.uid), **kwargs)
        work(run)
        return run

    return write
