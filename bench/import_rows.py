"""Import of a 100,000-row, 20-column workbook against openpyxl and bulk_create of the same rows.

Ours: upload → dry run with every check and the search for duplicates → commit with sums, near keys and one audit event
per project. The peer reads with openpyxl (read-only mode, its fastest) and writes the same projects with bulk_create:
no validation, no duplicates, no audit, no sums. Each run is a process of its own on a fresh copy of the same database;
the two take turns; medians are compared. Ours runs as a worker does, with a copy standing by for helpers. Peak memory
is that of the process, and of the largest of its helpers.

    python bench/import_rows.py [--rows 100000] [--turns 3] [--least 3.0]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HEAD = (
    "项目名称", "甲侧", "乙侧", "结对", "任务条款", "计划投资(万元)", "签约金额(万元)", "完成投资(万元)", "年份",
    "状态", "状态日期", "来源", "来源网址", "备注", "说明", "投资方", "行业", "其他相关条款", "项目代码", "可见范围",
)  # fmt: skip
PAIRS = (
    ("哈尔滨市", "深圳市", "哈尔滨-深圳"), ("沈阳市", "北京市", "沈阳-北京"), ("大连市", "上海市", "大连-上海"),
    ("长春市", "天津市", "长春-天津"), ("黑龙江省", "广东省", "黑龙江-广东"), ("吉林省", "浙江省", "吉林-浙江"),
    ("辽宁省", "江苏省", "辽宁-江苏"),
)  # fmt: skip
STATES = ("签约", "开工", "在建", "投用", "洽谈", "推进中", "运营")
WORDS = (
    "智能", "装备", "绿色", "食品", "物流", "生物", "医药", "材料", "数字", "文旅", "康养", "冷链", "机器人", "光电",
    "航空", "汽车", "精密", "海洋", "能源", "农业",
)  # fmt: skip
TAILS = ("产业园", "生产基地", "研发中心", "示范区", "交易平台", "总部", "创新中心", "仓储中心")


def workbook(path: Path, rows: int) -> None:
    """Rows as an office would send them: shared strings, dates, numbers, some amounts written as text."""
    import xlsxwriter

    chance = random.Random(2017)
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("项目")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEAD)
    codes = [f"3.{a}.{b}" for a, many in ((1, 5), (2, 5), (3, 4), (4, 4)) for b in range(1, many + 1)]
    for number in range(1, rows + 1):
        first, second, pairing = chance.choice(PAIRS)
        name = f"{chance.choice(WORDS)}{chance.choice(WORDS)}{number}号{chance.choice(WORDS)}{chance.choice(TAILS)}"
        planned = chance.randrange(100, 500_000)
        sheet.write_row(number, 0, (name, first, second, pairing, chance.choice(codes), planned))
        sheet.write(number, 6, planned if number % 3 else f"约{planned}万元")
        sheet.write(number, 7, planned // 3)
        sheet.write(number, 8, chance.randrange(2017, 2026))
        sheet.write(number, 9, chance.choice(STATES))
        sheet.write_datetime(number, 10, dt.date(2017 + number % 8, 1 + number % 12, 1 + number % 28), day)
        sheet.write(number, 11, f"日报{number % 40}")
        sheet.write_string(number, 12, f"https://example.org/{number % 500}")
        sheet.write(number, 13, f"第{number % 900}批，占地{number % 97}亩")
        sheet.write(number, 14, f"建设{chance.choice(WORDS)}生产线{number % 60}条，年产{number % 333}台套")
        sheet.write(number, 15, f"{chance.choice(WORDS)}投资有限公司" if number % 10 == 0 else "")
        sheet.write(number, 16, ("34", "39", "01", "59", "73")[number % 5])
        sheet.write(number, 17, codes[number % 18] if number % 10 == 5 else "")
        sheet.write(number, 18, f"2401-230100-04-01-{number % 1_000_000:06d}" if number % 4 == 0 else "")
        sheet.write(number, 19, "公开" if number % 2 else "仅本对口关系")
    book.close()


def django_up() -> None:
    """Settings of the product, on the data folder of this process."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()


def standing_by(who: str) -> AbstractContextManager[None]:
    """What a worker has all its life: a copy of itself from which helpers are forked."""
    from duikou.kernel import standby

    return standby.kept() if who == "ours" else nullcontext()


def ours(path: Path) -> int:
    """Upload, dry run, commit."""
    from duikou.intake.models import ImportRun
    from duikou.intake.services.check import run_check
    from duikou.intake.services.commit import run_commit
    from duikou.intake.services.runs import run_upload
    from duikou.intake.services.start import check_startable, commit_startable
    from duikou.kernel.actor import Actor
    from duikou.projects.models import Project

    def said(step: str, since: float) -> None:
        print(f"  {step} {time.perf_counter() - since:.2f} s", file=sys.stderr)

    actor = Actor.command("bench")
    begun = time.perf_counter()
    with path.open("rb") as stream:
        run = run_upload(actor=actor, kind="records", name=path.name, pieces=iter(lambda: stream.read(1 << 20), b""))
    said("upload", begun)
    begun = time.perf_counter()
    check_startable(run, actor)
    run_check(run_id=run.pk)
    run = ImportRun.objects.get(pk=run.pk)
    said("dry run", begun)
    found = list(run.findings.values_list("row", "letter", "reason", "shown")[:3])
    assert (run.state, run.error_count) == ("checked", 0), (run.state, run.counters, run.notice, found)
    begun = time.perf_counter()
    commit_startable(run, actor)
    run_commit(run_id=run.pk)
    said("commit", begun)
    run.refresh_from_db()
    assert run.state == "committed", run.notice
    return Project.objects.count()


def peer(path: Path) -> int:
    """openpyxl and bulk_create in one transaction: what one would write in an afternoon, and with care for memory."""
    import openpyxl
    from django.db import transaction
    from django.utils import timezone

    from duikou.kernel.money import Money
    from duikou.kernel.text import near_key
    from duikou.programme.models import Clause, Industry, Pairing, Programme, Region
    from duikou.projects.models import Project, ProjectClause, ProjectParty
    from duikou.projects.services.wordings import wording_key, wording_states

    programme = Programme.objects.get(code="northeast-east-2017")
    regions = {region.name: region for region in Region.objects.filter(valid_to=None).exclude(level="county")}
    pairings = {(p.first_region_id, p.second_region_id): p for p in Pairing.objects.filter(programme=programme)}
    clauses = {clause.code: clause for clause in Clause.objects.filter(programme=programme)}
    industries = {industry.code: industry for industry in Industry.objects.all()}
    states = wording_states()
    moment = timezone.now()

    def money(value: object) -> Money | None:
        text = str(value or "").strip("约万元")
        return Money(int(text) * 10_000) if text else None

    rows = openpyxl.load_workbook(path, read_only=True, data_only=True).active.iter_rows(min_row=2, values_only=True)
    made: list[Project] = []
    parties: list[ProjectParty] = []
    links: list[ProjectClause] = []

    def write() -> None:
        for model, some in ((Project, made), (ProjectParty, parties), (ProjectClause, links)):
            model.objects.bulk_create(some, batch_size=1000)  # type: ignore[arg-type]
            some.clear()

    def take(row: tuple[Any, ...]) -> None:
        first, second = regions[row[1]], regions[row[2]]
        key = near_key(row[0])
        project = Project(
            programme=programme, name=row[0], near_key=key, search_text=key, pairing=pairings[first.pk, second.pk],
            first_region=first, second_region=second, clause=clauses[row[4]], planned_amount=money(row[5]),
            signed_amount=money(row[6]), completed_amount=money(row[7]), year=row[8], state=states[wording_key(row[9])],
            state_wording=row[9], state_as_of=row[10].date(), source_name=row[11], source_url=row[12],
            source_note=row[13], description=row[14], industry=industries.get(row[16]), project_code=row[18] or "",
            visibility="public" if row[19] == "公开" else "pairing", created_at=moment, updated_at=moment,
        )  # fmt: skip
        made.append(project)
        if row[15]:
            parties.append(ProjectParty(project=project, name=row[15], near_key=near_key(row[15]), role="investor"))
        if row[17] and row[17] != row[4]:
            links.append(ProjectClause(project=project, clause=clauses[row[17]]))

    with transaction.atomic():
        for row in rows:
            take(row)
            if len(made) == 5_000:
                write()
        write()
    return Project.objects.count()


def prepared(folder: Path) -> None:
    """A data folder with the programme loaded and nothing else."""
    environment = {**os.environ, "DUIKOU_HOME": str(folder)}
    for words in (("django", "migrate", "--verbosity", "0"), ("programme", "load", "packs/northeast-east-2017")):
        command = [sys.executable, "-m", "config", *words]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def peak_memory() -> float:
    """The most memory this very process held, in MB: `ru_maxrss` would begin with what its parent held at the start."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))) / 1024


def turn(who: str, book: Path, template: Path) -> dict[str, float]:
    """One run in a process of its own on a fresh copy."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(template, home)
        environment = {**os.environ, "DUIKOU_HOME": str(home)}
        command = [sys.executable, __file__, "--run", who, "--book", str(book)]
        answer = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return result


def main() -> int:
    """Print the ratio and the memory; 1 when the ratio is below what is asked."""
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--turns", type=int, default=3)
    options.add_argument("--least", type=float, default=3.0)
    options.add_argument("--run", choices=("ours", "peer"))
    options.add_argument("--book", type=Path)
    chosen = options.parse_args()
    if chosen.run:
        django_up()
        with standing_by(chosen.run):
            started = time.perf_counter()
            count = {"ours": ours, "peer": peer}[chosen.run](chosen.book)
            seconds = time.perf_counter() - started
        peak = peak_memory()
        helper = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "peak": peak, "helper": helper, "count": count}))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        template, book, small = Path(folder) / "template", Path(folder) / "book.xlsx", Path(folder) / "small.xlsx"
        prepared(template)
        workbook(book, chosen.rows)
        workbook(small, chosen.rows // 10)
        found: dict[str, list[dict[str, float]]] = {"ours": [], "peer": []}
        for number in range(chosen.turns):
            for who in ("ours", "peer"):
                result = turn(who, book, template)
                assert result["count"] == chosen.rows
                found[who].append(result)
                print(f"turn {number + 1} {who}: {result['seconds']:.2f} s, peak {result['peak']:.0f} MB", flush=True)
        tenth = turn("ours", small, template)
    middle = {who: statistics.median(result["seconds"] for result in results) for who, results in found.items()}
    peak = statistics.median(result["peak"] for result in found["ours"])
    ratio = middle["peer"] / middle["ours"]
    print(f"ours {middle['ours']:.2f} s · openpyxl + bulk_create {middle['peer']:.2f} s · ratio {ratio:.2f}×")
    helper = statistics.median(result["helper"] for result in found["ours"])
    print(f"peak memory of ours: {tenth['peak']:.0f} MB at {chosen.rows // 10} rows, {peak:.0f} MB at {chosen.rows}")
    print(f"of the largest helper process: {tenth['helper']:.0f} MB and {helper:.0f} MB")
    return 0 if ratio >= chosen.least else 1


if __name__ == "__main__":
    sys.exit(main())
