"""The table of milestones as a kind of import: which columns there are, and how each cell is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.intake.services.kinds import Column, ImportKind, Options, register
from duikou.kernel.sheets import Cell, date_of, text_of
from duikou.kernel.text import clean
from duikou.schedule import policies
from duikou.schedule.models import DoneAs, MilestoneKind, Side
from duikou.schedule.services.milestone_import import MilestoneJudge, MilestoneWriter, data_stamp

CODE = "milestones"
_NUMBER = re.compile(r"(?:XM)?0*([1-9]\d{0,14})", re.IGNORECASE | re.ASCII)
_BY_YEAR = re.compile(r"不晚于\s*(\d{4})年?", re.ASCII)
_BY_DAY = re.compile(r"不晚于\s*(.+)")
_LINK = re.compile(r"(.+?)\s*[+＋]\s*(\d{1,5})\s*天?", re.ASCII)
_KINDS = {"开工": MilestoneKind.START, "完工": MilestoneKind.FINISH, "节点": MilestoneKind.NODE}
_SIDES = {"甲侧": Side.FIRST, "甲方": Side.FIRST, "乙侧": Side.SECOND, "乙方": Side.SECOND, "未注明": Side.NONE}


def register_kind() -> None:
    """Offer tables of milestones to the import engine."""
    register(
        ImportKind(
            code=CODE,
            label=gettext_lazy("里程碑表"),
            permission=policies.WRITE.code,
            columns=columns,
            checker=MilestoneJudge,
            committer=MilestoneWriter,
            stamp=data_stamp,
            result_url=lambda _run: reverse("schedule:list"),
            order=2,
        )
    )


def columns(_options: Options) -> Sequence[Column]:
    """The columns; a project is named by its number, or by its name (and pairing where the name is not enough)."""
    return (
        Column("number", _("项目编号"), _number, ("编号", "项目号"), example="XM000123"),
        Column("project", _("项目名称"), _text(200), ("项目", "合作项目"), example=_("某某产业园")),
        Column("pairing", _("对口关系"), _text(120), ("结对", "结对关系")),
        Column("title", _("里程碑"), _text(100), ("节点名称", "里程碑名称"), required=True, example="开工"),
        Column("kind", _("类型"), _one_of(_KINDS, _("开工、完工或节点")), ("节点类型", "里程碑类型"), example="节点"),
        Column("planned_on", _("计划日期"), _date, ("计划时间", "计划完成日期"), example="2026-06-30"),
        Column("forecast_on", _("预计日期"), _date, ("预计时间", "预计完成日期")),
        Column(
            "done_on",
            _("完成日期"),
            _done,
            ("实际日期", "实际完成日期"),
            help=_("当日写日期；只知道年份写“不晚于2019年”。"),
        ),
        Column(
            "before",
            _("前置里程碑"),
            _links,
            ("前置", "前置节点", "依赖"),
            help=_("多个用分号隔开，间隔天数写作“立项+30”；须已登记，或写在本行之前。"),
            example="立项+30",
        ),
        Column("side", _("责任方"), _one_of(_SIDES, _("甲侧或乙侧")), ()),
        Column("body", _("责任单位"), _text(200), ("责任主体",)),
        Column("weight", _("权重（百分数）"), _weight, ("权重", "权重（%）")),
        Column("note", _("说明"), _text(500), ("备注",)),
    )


def _text(limit: int) -> Callable[[Cell], str]:
    def parse(cell: Cell) -> str:
        text = clean(text_of(cell))
        if len(text) > limit:
            raise ValueError(_("最多%(limit)s个字，现有%(count)s个字。") % {"limit": limit, "count": len(text)})
        return text

    return parse


def _number(cell: Cell) -> int:
    found = _NUMBER.fullmatch(text_of(cell).strip().removesuffix(".0"))
    if found is None:
        raise ValueError(_("项目编号应写作 XM000123。"))
    return int(found[1])


def _one_of(words: dict[str, MilestoneKind] | dict[str, Side], hint: str) -> Callable[[Cell], str]:
    known = {**{word: one.value for word, one in words.items()}, **{one.value: one.value for one in words.values()}}
    known |= {str(one.label): one.value for one in words.values()}

    def parse(cell: Cell) -> str:
        text = clean(text_of(cell)).lower()
        if text not in known:
            raise ValueError(_("只能填写：%(words)s。") % {"words": hint})
        return known[text]

    return parse


def _date(cell: Cell) -> str | None:
    try:
        day = date_of(cell)
    except ValueError:
        raise ValueError(_("日期应写作 2026-06-30。")) from None
    return day.isoformat() if day else None


def _done(cell: Cell) -> tuple[str, str] | None:
    """A day and how well it is known."""
    text = text_of(cell).strip()
    if by_year := _BY_YEAR.fullmatch(text):
        return f"{by_year[1]}-12-31", DoneAs.YEAR.value
    by_day = _BY_DAY.fullmatch(text)
    day = _date(by_day[1] if by_day else cell)
    return (day, DoneAs.BY.value if by_day else DoneAs.DAY.value) if day else None


def _links(cell: Cell) -> list[tuple[str, int]]:
    found = []
    for part in re.split(r"[;；\n]+", clean(text_of(cell))):
        text = part.strip()
        if text:
            lagged = _LINK.fullmatch(text)
            found.append((lagged[1], int(lagged[2])) if lagged else (text, 0))
    if len(found) > 20:
        raise ValueError(_("最多20个前置里程碑。"))
    return found


def _weight(cell: Cell) -> int:
    text = text_of(cell).strip().removesuffix("%").removesuffix(".0")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 100):
        raise ValueError(_("权重是1到100之间的整数。"))
    return int(text)
