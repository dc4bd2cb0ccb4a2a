"""A plan as a paper: its text with the promises below their headings, and the table of promises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone, translation

from duikou.documents.rules.numbering import LEVELS, Numbering
from duikou.documents.rules.paper import Annex, Column, Paper, date_words, heading, paragraph
from duikou.kernel import clock
from duikou.kernel.money import Bound
from duikou.plans.models import SEALED, MoneySource, PlanVersion, Side, VersionState
from duikou.plans.services.content import EntryContent, MoneyContent, PlanContent, UnitContent, content_of
from duikou.plans.services.text import Block, Run, blocks
from duikou.plans.services.units import side_name

STRONG = frozenset({"strong"})
MARKS = {
    VersionState.DRAFT: "草案",
    VersionState.IN_COSIGN: "会签稿",
    VersionState.RETURNED: "已退回",
    VersionState.SUPERSEDED: "已被取代",
    VersionState.ABANDONED: "已作废",
}
"""What stands across the pages of a text that nobody may act on (any more)."""
BOUND_WORDS = {Bound.ABOUT: "约", Bound.AT_LEAST: "不少于", Bound.AT_MOST: "不超过"}


@dataclass(frozen=True, slots=True)
class Dress:
    """What an office decides about a paper besides its text; "" and () leave it out."""

    issuers: tuple[str, ...] = ()
    addressee: str = ""
    signers: tuple[str, ...] = ()
    date: dt.date | None = None
    copies: tuple[str, ...] = ()
    printer: str = ""
    printed: dt.date | None = None


def plan_paper(version: PlanVersion, dress: Dress, *, check_address: str) -> Paper:
    """The whole plan: sections numbered 一、（一）1.（1）, promises below them, the table of promises as annex.

    `check_address` is where a paper of a signed version can be compared with what was signed (clause 4.2).
    """
    with translation.override("zh-hans"):
        content = content_of(version)
        tables = (entries_annex(content),) if content.entries else ()
        return replace(
            _bare(version, content, dress, check_address),
            blocks=tuple(_text(content)),
            addressee=dress.addressee,
            attachments=tuple(table.title for table in tables),
            annexes=tables,
        )


def table_paper(version: PlanVersion, dress: Dress, *, check_address: str) -> Paper:
    """The table of promises alone."""
    with translation.override("zh-hans"):
        content = content_of(version)
        return replace(
            _bare(version, content, dress, check_address),
            number="",
            issuers=(),
            signers=(),
            date=None,
            copies=(),
            printer="",
            printed=None,
            annexes=(entries_annex(content),),
        )


def notice_paper(version: PlanVersion, dress: Dress, *, check_address: str) -> Paper:
    """The notice that sends a plan out (印发通知), with the plan's title as its attachment."""
    with translation.override("zh-hans"):
        content = content_of(version)
        title = content.title
        words = (
            f"经{content.first_label}、{content.second_label}双方协商一致，现将《{title}》印发给你们，"
            "请结合实际，认真组织实施。"
        )
        return replace(
            _bare(version, content, dress, check_address),
            title=f"关于印发《{title}》的通知",
            addressee=dress.addressee,
            blocks=(paragraph(words),),
            attachments=(title,),
        )


def _bare(version: PlanVersion, content: PlanContent, dress: Dress, check_address: str) -> Paper:
    state = VersionState(version.state)
    signed_on = timezone.localtime(version.signed_at).date() if version.signed_at else None
    return Paper(
        title=content.title,
        issuers=dress.issuers,
        number=content.document_number,
        signers=dress.signers,
        date=dress.date or version.document_date or signed_on,
        copies=dress.copies,
        printer=dress.printer,
        printed=dress.printed,
        mark=MARKS.get(state, ""),
        foot=tuple(
            foot_of(
                number=version.number,
                digest=version.digest if state in SEALED else "",
                mark=MARKS.get(state, ""),
                revision=version.revision,
                check_address=check_address,
            )
        ),
    )


def foot_of(*, number: int, digest: str, mark: str, revision: int, check_address: str) -> Iterator[str]:
    """The small lines at the foot: what was signed and where to check it, or which draft it is and when it was made."""
    if digest:
        yield f"第{number}版  内容摘要（SHA-256）{digest}"
        yield f"核对：{check_address}"
    else:
        made = timezone.localtime(clock.now())
        yield f"第{number}版{mark}  修改序号 {revision}  生成于 {made:%Y-%m-%d %H:%M}"


def _text(content: PlanContent) -> Iterator[Block]:
    numbering = Numbering()
    for section in content.sections:
        yield heading(numbering.next(section.heading, section.level), section.level)
        for block in blocks(section.body):
            yield lowered(block, section.level, numbering)
        yield from _promises(content.entries_of(section.uid), section.level + 1, numbering, content)
    rest = content.entries_of(None)
    if rest:
        if content.sections:
            yield heading(numbering.next("重点事项", 1), 1)
        yield from _promises(rest, 2 if content.sections else 1, numbering, content)


def lowered(block: Block, level: int, numbering: Numbering) -> Block:
    """A heading inside a section's text, one or two levels below the section's own."""
    if block.kind != "head":
        return block
    level = min(level + block.level - 2, LEVELS)
    return heading(numbering.next(block.text, level), level)


def _promises(
    entries: Iterable[EntryContent], level: int, numbering: Numbering, content: PlanContent
) -> Iterator[Block]:
    for entry in entries:
        yield heading(numbering.next(entry.title, level), min(level, LEVELS))
        yield from (paragraph(line.strip()) for line in entry.measure.splitlines() if line.strip())
        for label, words in (
            ("目标", target_words(entry)),
            ("完成期限", period_words(entry)),
            ("资金", "；".join(money_words(row, content) for row in entry.money)),
            ("责任单位", units_words(entry, content)),
        ):
            if words:
                yield Block("p", (Run(f"{label}：", STRONG), Run(_stopped(words))))


def _stopped(words: str) -> str:
    return words if words[-1] in "。！？；" else f"{words}。"


def units_words(entry: EntryContent, content: PlanContent) -> str:
    """Both lists as plans write them: 上海方：市发展改革委（牵头）、市商务委；大连方：…"""
    sides = ((content.first_label, entry.first_units), (content.second_label, entry.second_units))
    return "；".join(f"{side_name(label)}：{'、'.join(map(unit_name, units))}" for label, units in sides if units)


def unit_name(unit: UnitContent) -> str:
    """A unit as a list names it."""
    return f"{unit.name}（牵头）" if unit.is_lead else unit.name


def target_words(entry: EntryContent) -> str:
    """The target with its indicator, figure and unit."""
    if entry.target_value is None:
        return entry.target
    figure = f"{entry.indicator_label} {figure_words(entry.target_value)}{entry.target_unit}".strip()
    return f"{entry.target}（{figure}）" if entry.target else figure


def figure_words(value: Decimal) -> str:
    """A figure with thousands parted, without noughts at the end."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def period_words(entry: EntryContent) -> str:
    """From when to when."""
    if entry.due_on is None:
        return f"{date_words(entry.starts_on)}起" if entry.starts_on else ""
    due = date_words(entry.due_on)
    return f"{date_words(entry.starts_on)}至{due}" if entry.starts_on else f"{due}前"


def money_words(row: MoneyContent, content: PlanContent) -> str:
    """Money of one source, in 万元 to the 分: 中央资金约 1,250万元."""
    side = {Side.FIRST: content.first_label, Side.SECOND: content.second_label}.get(Side(row.side)) if row.side else ""
    source = MoneySource(row.source).label
    bound = BOUND_WORDS.get(Bound(row.bound), "")
    return f"{side_name(side) if side else ''}{source}{bound}{figure_words(row.amount / 10_000)}万元"


def entries_annex(content: PlanContent) -> Annex:
    """The table of promises; the sides' names head the two lists of units."""
    columns = (
        Column("序号", 5, "center"),
        Column("事项", 16),
        Column("具体举措", 26),
        Column("目标", 16),
        Column(f"{side_name(content.first_label)}责任单位", 15),
        Column(f"{side_name(content.second_label)}责任单位", 15),
        Column("完成期限", 11, "center"),
        Column("资金", 14),
    )
    rows = tuple(
        (
            str(entry.number),
            entry.title,
            entry.measure,
            target_words(entry),
            "\n".join(map(unit_name, entry.first_units)),
            "\n".join(map(unit_name, entry.second_units)),
            date_words(entry.due_on) if entry.due_on else "",
            "\n".join(money_words(row, content) for row in entry.money),
        )
        for entry in content.entries
    )
    return Annex(f"{content.title}事项表", columns, rows)
