"""Tables of measures and of adoptions as kinds of import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.intake.services.kinds import Column, ImportKind, Option, Options, register
from duikou.kernel.actor import Actor
from duikou.kernel.periods import period_end
from duikou.kernel.sheets import Cell, date_of, text_of
from duikou.kernel.text import clean
from duikou.programme.models import Programme
from duikou.projects.selectors import programme_chosen, programmes_open
from duikou.reforms import policies
from duikou.reforms.models import Adoption, ReformMeasure
from duikou.reforms.services.adoption_import import AdoptionJudge, AdoptionWriter
from duikou.reforms.services.measure_import import MeasureJudge, MeasureWriter

MEASURES, ADOPTIONS = "reform-measures", "reform-adoptions"


def register_kinds() -> None:
    """Offer both tables to the import engine."""
    register(
        ImportKind(
            code=MEASURES,
            label=gettext_lazy("改革经验表"),
            permission=policies.WRITE.code,
            columns=measure_columns,
            checker=MeasureJudge,
            committer=MeasureWriter,
            stamp=data_stamp,
            options=_measure_options,
            result_url=lambda _run: reverse("reforms:list"),
            order=5,
        )
    )
    register(
        ImportKind(
            code=ADOPTIONS,
            label=gettext_lazy("经验推广表"),
            permission=policies.ADOPT.code,
            columns=adoption_columns,
            checker=AdoptionJudge,
            committer=AdoptionWriter,
            stamp=data_stamp,
            options=_programme_options,
            result_url=lambda _run: reverse("reforms:adoptions"),
            order=6,
        )
    )


def data_stamp(_options: Options) -> str:
    """What changes whenever a measure or an adoption does."""
    one = ReformMeasure.objects.aggregate(n=Count("pk"), at=Max("changed_at"))
    other = Adoption.objects.aggregate(n=Count("pk"), at=Max("changed_at"))
    return f"reforms-1:{one['n']}:{one['at']}:{other['n']}:{other['at']}"


def _programme_options(_actor: Actor) -> Sequence[Option]:
    programmes = programmes_open()
    choices = [(row.code, row.label) for row in programmes]
    own: Programme | None = programme_chosen("", programmes)
    return (Option("programme", _("方案"), choices, own.code if own else ""),)


def _measure_options(actor: Actor) -> Sequence[Option]:
    publish = Option(
        "publish",
        _("导入之后"),
        [("no", _("存为草稿，逐项核对后发布")), ("yes", _("直接发布，另一方即可看到"))],
        "no",
    )
    return (*_programme_options(actor), publish)


def measure_columns(_options: Options) -> Sequence[Column]:
    """What a table of practices says."""
    return (
        Column("title", _("名称"), _text(200), ("经验名称", "改革经验", "做法", "经验做法", "举措", "事项"),
               required=True, example=_("企业投资项目承诺制")),
        Column("origin", _("来源地区"), _text(60), ("来源", "来源省市", "地区", "经验来源")),
        Column("topic", _("改革主题"), _text(80), ("主题", "领域", "类别")),
        Column("clauses", _("条款"), _text(80), ("任务条款", "所属条款", "重点任务"), example="3.1.1"),
        Column("issuer", _("发文单位"), _text(200), ("发文机关", "印发单位", "牵头部门")),
        Column("document_title", _("依据文件"), _text(300), ("文件", "文件名称", "政策文件")),
        Column("document_number", _("文号"), _text(80), ("发文字号", "文件号")),
        Column("document_date", _("成文日期"), _day, ("印发日期", "文件日期"), example="2018-01-05"),
        Column("document_url", _("文件网址"), _url, ("网址", "链接")),
        Column("source_name", _("信息来源"), _text(200), ("出处", "资料来源")),
        Column("summary", _("主要做法"), _text(20_000), ("内容", "主要内容", "做法内容", "摘要")),
        Column("needs", _("实施条件"), _text(20_000), ("前提条件", "适用条件", "条件")),
        Column("published_on", _("发布日期"), _day, ("公开日期", "推出日期")),
    )  # fmt: skip


def adoption_columns(_options: Options) -> Sequence[Column]:
    """What a table of adoptions says."""
    return (
        Column("measure", _("改革经验"), _text(200), ("经验", "经验名称", "名称", "原做法"), required=True,
               help=_("经验的名称，或依据文件的文号。"), example=_("企业投资项目承诺制")),
        Column("origin", _("来源地区"), _text(60), ("来源", "来源省市")),
        Column("region", _("推广地区"), _text(60), ("地区", "复制地区", "推广地")),
        Column("adopted_on", _("推广日期"), _day, ("复制日期", "施行日期", "推广时间"), required=True,
               example="2019-05-09"),
        Column("document_title", _("本地文件"), _text(300), ("本地文件名称", "文件", "文件名称"), required=True,
               example=_("关于推行企业投资项目承诺制的实施方案")),
        Column("document_number", _("本地文号"), _text(80), ("文号", "发文字号")),
        Column("document_date", _("本地文件日期"), _day, ("成文日期", "印发日期")),
        Column("effect", _("成效"), _text(4000), ("推广成效", "效果")),
        Column("source_name", _("信息来源"), _text(200), ("来源文件", "出处")),
    )  # fmt: skip


def _text(limit: int) -> Callable[[Cell], str]:
    def parse(cell: Cell) -> str:
        text = clean(text_of(cell))
        if len(text) > limit:
            raise ValueError(_("最多%(limit)s个字，现有%(count)s个字。") % {"limit": limit, "count": len(text)})
        return text

    return parse


def _day(cell: Cell) -> str | None:
    """A day (ISO); a period is its last day."""
    text = text_of(cell)
    if not isinstance(cell, dt.date) and (last := period_end(text)):
        return last.isoformat()
    try:
        day = date_of(cell)
    except ValueError:
        raise ValueError(_("日期应写作 2019-05-09，也可写 2019年5月、2019年。")) from None
    return day.isoformat() if day else None


def _url(cell: Cell) -> str:
    text = clean(text_of(cell))
    text = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        raise ValueError(_("请填写以 http:// 或 https:// 开头的完整网址。")) from None
    if len(text) > 500:
        raise ValueError(_("网址过长。"))
    return text
