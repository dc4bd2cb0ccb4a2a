"""Cooperation records as a kind of import: which columns there are, and how each cell is read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.intake.services.kinds import Column, ImportKind, Option, Options, register
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid
from duikou.kernel.money import LARGEST, UNITS, bound_of, parse_amount
from duikou.kernel.money_headers import is_foreign, unit_said, unit_under
from duikou.kernel.periods import Period, period_end, period_of
from duikou.kernel.sheets import BY_FORMAT, Cell, date_of, text_of, year_of
from duikou.kernel.text import clean
from duikou.programme.models import Programme, ProjectKind
from duikou.programme.selectors.programmes import programme_at, programme_current, programmes
from duikou.projects import policies
from duikou.projects.rules import BadCode, BadValue, parse_project_code, project_number, typed_value
from duikou.projects.selectors.specs import spec_label
from duikou.projects.services.draft import CODE_FAULTS, EARLIEST_YEAR, LATEST_YEAR, value_fault_text
from duikou.projects.services.import_draft import OWN_FIELD, RecordDrafter
from duikou.projects.services.import_judge import RecordJudge
from duikou.projects.services.import_prepare import RecordPreparer
from duikou.projects.services.import_write import RecordWriter, data_stamp
from duikou.projects.states import Visibility

CODE = "records"
_YEARS = re.compile(r"\d{4}年?\s*[-—–~～－至到]+\s*\d{2,4}年?")
_LIST = re.compile(r"[;；、\n]+")
_NO_SCHEME = re.compile(r"(?:[\w-]+\.)+[A-Za-z]{2,}(?:[:/?#]\S*)?").fullmatch
_URL = URLValidator(schemes=["http", "https"])
_USUAL_AMOUNT = re.compile(r"(约|近|超|超过|逾|)(\d{1,7})(亿元|万元|亿|万|元|)", re.ASCII).fullmatch
_USUAL_BOUNDS = {word: bound_of(word).value for word in ("约", "近", "超", "超过", "逾", "")}
"""Amounts of up to seven digits with a bound before them are most that are written; they need no thorough reading."""
_CENTS = {unit: int(value * 100) for unit, value in UNITS.items()}
_MOST = int(LARGEST * 100)
_PUBLIC = {"公开", "全体", "public"}


def register_kind() -> None:
    """Offer cooperation records to the import engine."""
    register(
        ImportKind(
            code=CODE,
            label=gettext_lazy("合作项目记录"),
            permission="projects.project.write",
            columns=columns,
            checker=RecordJudge,
            drafter=RecordDrafter,
            judged_fields=("planned", "parent"),
            preparer=RecordPreparer,
            committer=RecordWriter,
            stamp=lambda options: data_stamp(_programme(options)),
            options=_options,
            result_url=lambda _run: reverse("projects:list"),
            aside_label=gettext_lazy("公开统计"),
        )
    )


def _options(actor: Actor) -> Sequence[Option]:
    loaded = list(programmes())
    current = programme_current()
    choices = [(programme.code, str(programme)) for programme in loaded]
    publish = policies.publish(actor)
    return (
        Option("programme", _("方案"), choices, current.code if current else ""),
        Option(
            "kind",
            _("项目类别"),
            [
                ("", _("按各行的名称和条款判断")),
                *((kind.code, kind.label) for kind in ProjectKind.objects.filter(programme=current, retired_in=None)),
            ],
            "",
        ),
        Option(
            "visibility",
            _("导入的项目由谁可见"),
            [
                (Visibility.PAIRING.value, _("仅本对口关系可见")),
                (Visibility.PUBLIC.value, _("来源为公开报道，导入后公开")),
            ],
            Visibility.PAIRING.value,
            refused={} if publish else {Visibility.PUBLIC.value: str(publish.reason)},
            at_upload=False,
        ),
    )


def _programme(options: Options) -> Programme:
    found = programme_at(options.get("programme", ""))
    if found is None:
        raise Invalid(_("没有装载这个方案。"))
    return found


def columns(options: Options) -> Sequence[Column]:
    """The columns, the two sides named as the programme names them."""
    programme = _programme(options)
    first, second = programme.first_side_label, programme.second_side_label
    return (
        Column(
            "name",
            _("项目名称"),
            _text(200),
            ("名称", "项目", "合作项目", "合作项目名称", "事项", "事项名称"),
            required=True,
            example=_("某某产业园"),
        ),
        Column("first", first, _text(60), (first.removesuffix("方"), f"{first}地区", "甲方", "甲侧", "甲方地区")),
        Column("second", second, _text(60), (second.removesuffix("方"), f"{second}地区", "乙方", "乙侧", "乙方地区")),
        Column("pairing", _("结对"), _text(80), ("对口关系", "结对关系", "对口城市", "对口地区", "合作双方")),
        Column(
            "clause",
            _("任务条款"),
            _text(80),
            ("条款", "重点任务", "任务", "所属任务", "任务分类"),
            help=_("条款编号（3.2.2）、原文序号（三（二）2）或名称；汇总数填“汇总”。"),
            example="3.2.2",
        ),
        Column(
            "planned",
            _("计划投资(万元)"),
            _amount("万元"),
            ("计划投资", "总投资", "计划总投资", "投资额", "投资总额", "项目总投资", "金额"),
            help=_("可写单位和约数，如“近3亿元”；不写单位时以列名中的单位为准。"),
            example="20000",
            with_header=_amount_under,
        ),
        Column(
            "signed",
            _("签约金额(万元)"),
            _amount("万元"),
            ("签约额", "签约金额", "协议金额"),
            with_header=_amount_under,
        ),
        Column(
            "completed",
            _("完成投资(万元)"),
            _amount("万元"),
            ("完成投资", "已完成投资", "累计完成投资", "到位资金"),
            with_header=_amount_under,
        ),
        Column("year", _("年份"), _year, ("年度", "年", "签约年份", "时间"), example="2019", fits=_is_year),
        Column("state", _("状态"), _text(100), ("进展", "项目状态", "进展情况", "推进情况", "形象进度")),
        Column("as_of", _("状态日期"), _date, ("截至日期", "统计日期", "日期")),
        Column("planned_start", _("计划开工日期"), _planned_first, ("计划开工", "计划开工时间", "拟开工时间")),
        Column(
            "planned_finish",
            _("计划完工日期"),
            _planned_last,
            ("计划完工", "计划完工时间", "计划竣工时间", "拟竣工时间"),
        ),
        Column(
            "parent",
            _("所属项目"),
            _project,
            ("上级项目", "所属项目编号", "上级项目编号"),
            help=_("已登记的上级项目的编号，如 XM000012。"),
        ),
        Column("source", _("来源"), _text(200), ("信息来源", "数据来源", "出处")),
        Column("source_url", _("来源网址"), _url, ("网址", "链接")),
        Column("note", _("备注"), _text(1000), ("说明备注", "其他说明", "备考")),
        Column("description", _("说明"), _text(20_000), ("项目内容", "建设内容", "项目简介", "主要内容", "简介")),
        Column("first_units", f"{first}单位", _names, ("甲方单位", "甲侧单位", "责任单位")),
        Column("second_units", f"{second}单位", _names, ("乙方单位", "乙侧单位", "合作单位")),
        Column("investors", _("投资方"), _names, ("投资主体", "投资单位", "投资企业")),
        Column("industry", _("行业"), _text(60), ("所属行业", "行业代码", "国民经济行业")),
        Column("further_clauses", _("其他相关条款"), _names, ("其他条款", "相关条款")),
        Column("project_code", _("项目代码"), _code, ("投资项目代码", "统一项目代码")),
        Column("visibility", _("可见范围"), _visibility, ("公开范围",)),
        *_own_columns(programme, options.get("kind", "")),
    )


def _own_columns(programme: Programme, code: str) -> list[Column]:
    """The own fields of the kind that the whole file is of, if one was chosen."""
    kind = ProjectKind.objects.filter(programme=programme, code=code).first() if code else None
    return [
        Column(f"{OWN_FIELD}{spec['key']}", spec_label(spec), _own(spec), (spec["label"], spec["label_en"]))
        for spec in (kind.fields if kind is not None else [])
    ]


def _own(spec: Mapping[str, Any]) -> Callable[[Cell], Any]:
    def parse(cell: Cell) -> Any:
        try:
            return typed_value(spec, cell if isinstance(cell, (bool, dt.date)) else text_of(cell))
        except BadValue as bad:
            raise ValueError(str(value_fault_text(bad.fault, spec))) from None

    return parse


def _text(limit: int) -> Callable[[Cell], str]:
    def parse(cell: Cell) -> str:
        text = clean(text_of(cell))
        if len(text) > limit:
            raise ValueError(_("最多%(limit)s个字，现有%(count)s个字。") % {"limit": limit, "count": len(text)})
        return text

    return parse


def _names(cell: Cell) -> list[str]:
    names = [name for part in _LIST.split(clean(text_of(cell))) if (name := part.strip())]
    if any(len(name) > 200 for name in names) or len(names) > 50:
        raise ValueError(_("名称最多200个字、最多50个，之间用分号或顿号隔开。"))
    return names


def _amount_under(header: str) -> Callable[[Cell], tuple[int, str] | None]:
    """The parser of amounts under a header; it refuses every cell where the header speaks of another currency."""
    if not is_foreign(header):
        return _amount(unit_under(header), unit_said(header))

    def refuse(_cell: Cell) -> None:
        raise ValueError(_("列名“%(header)s”不是人民币金额，请换算成人民币后再导入。") % {"header": header[:40]})

    return refuse


def _refuse_other_unit(text: str, unit: str) -> None:
    """Refuse a unit that only the cell's number format says and the column's name contradicts."""
    shown = text.partition(BY_FORMAT)[2]
    if shown and shown != "%" and f"{shown.removesuffix('元')}元" != unit:
        raise ValueError(
            _("单元格的数字格式写着“%(shown)s”，列名写的是%(unit)s，不能确定是哪一个：请统一后再上传。")
            % {"shown": text_of(text), "unit": unit}
        )


def _amount(unit: str, said: str = "") -> Callable[[Cell], tuple[int, str] | None]:
    cents = _CENTS[unit]
    most = _MOST // cents

    def parse(cell: Cell) -> tuple[int, str] | None:
        if isinstance(cell, bool):
            raise ValueError(_("金额应为数字。"))
        if isinstance(cell, float) and cell.is_integer() and abs(cell) <= most:
            return int(cell) * cents, "exact"
        if said and cell.__class__ is str and BY_FORMAT in cell:
            _refuse_other_unit(cell, said)
        if cell.__class__ is str and (usual := _USUAL_AMOUNT(cell)):
            found_cents = int(usual[2]) * _CENTS[usual[3] or unit]
            if found_cents <= _MOST:
                return found_cents, _USUAL_BOUNDS[usual[1]]
        found = parse_amount(cell if isinstance(cell, (int, float)) else text_of(cell), unit)  # type: ignore[arg-type]
        return None if found is None else (found.amount.cents, found.bound.value)

    return parse


def _is_year(text: str) -> bool:
    return text.isdecimal() and len(text) == 4 and text[:2] in ("19", "20")


def _year(cell: Cell) -> int | None:
    try:
        return year_of(cell)
    except ValueError:
        text = text_of(cell)
        if said := period_end(text):
            return said.year
        if _YEARS.search(text):
            raise ValueError(_("只能登记一个年份：请写开始的一年，如 2019，起止年份放在备注。")) from None
        raise ValueError(_("年份应为四位数字，如 2019。")) from None


def _date(cell: Cell) -> tuple[str, str] | None:
    """A day (ISO), and the words it was read from where they name a whole period: its last day is taken."""
    text = text_of(cell)
    if not isinstance(cell, dt.date) and (last := period_end(text)):
        return last.isoformat(), text
    try:
        day = date_of(cell)
    except ValueError:
        raise ValueError(
            _("日期应写作 2019-05-09，也可写 2019年5月、2019年上半年、2019年底；范围请写截止的一天。")
        ) from None
    return (day.isoformat(), "") if day else None


def _planned_first(cell: Cell) -> str | None:
    return _planned(cell, lambda period: period.first)


def _planned_last(cell: Cell) -> str | None:
    return _planned(cell, lambda period: period.last)


def _planned(cell: Cell, side: Callable[[Period], dt.date]) -> str | None:
    """A planned day (ISO); of a whole month or year its first or last day."""
    text = text_of(cell)
    period = None if isinstance(cell, dt.date) else period_of(text)
    try:
        day = side(period) if period is not None else date_of(cell)
    except ValueError:
        raise ValueError(_("日期应写作 2019-05-09，也可写 2019年5月、2019年底。")) from None
    if day is not None and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError(_("年份应在%(first)s至%(last)s之间。") % {"first": EARLIEST_YEAR, "last": LATEST_YEAR})
    return day.isoformat() if day else None


def _project(cell: Cell) -> int:
    found = project_number(text_of(cell))
    if found is None:
        raise ValueError(_("请填写项目编号，如 XM000012。"))
    return found


def _url(cell: Cell) -> str:
    text = clean(text_of(cell))
    if _NO_SCHEME(text):
        text = f"https://{text}"
    try:
        _URL(text)
    except ValidationError:
        raise ValueError(_("请填写以 http:// 或 https:// 开头的完整网址。")) from None
    if len(text) > 500:
        raise ValueError(_("网址过长。"))
    return text


def _code(cell: Cell) -> str:
    try:
        return parse_project_code(text_of(cell)).text
    except BadCode as bad:
        raise ValueError(str(CODE_FAULTS[bad.fault])) from None


def _visibility(cell: Cell) -> str:
    return "public" if text_of(cell) in _PUBLIC else "pairing"
