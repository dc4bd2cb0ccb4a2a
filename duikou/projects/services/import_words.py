"""What a row of a cooperation record speaks of: one project, or figures about many. No queries here.

Office tables mix both. The rules, in order:

| the name begins with | taken as |
|---|---|
| 【汇总】【全国】 | reported statistic: projects, planned or signed amount, completed from the remark |
| 【干部】 | reported statistic of people |
| 【政策】 | reported statistic of policies |
| 【任务】 | reported statistic (tasks set and done) |
| 【文旅】【金融】【计划】 | reported statistic when the name counts something (人次、家、项…), else a project |
| 【活动】【展销】 | project of kind event; a sum that the remark calls sales is not an investment and is left out |
| 【航线】 | project of kind transport link |
| 【机制】 | project without a kind |
| no bracket | project; a statistic when the clause says 汇总 or the name counts projects or people |

A remark tells how far a figure is meant: 近、约、约数 about; 超、余、多、下限 at least; 不足、上限 at most.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from duikou.kernel.errors import Invalid
from duikou.kernel.money import Bound, BoundedMoney, bound_of, parse_amount
from duikou.projects.states import Measure

SUMMARY_CLAUSES = frozenset({"汇总", "合计", "全国"})


@dataclass(frozen=True, slots=True)
class Rule:
    """How rows with one bracket are taken; `counts`: always, when the name counts something, or never."""

    counts: str
    measure: Measure | None = None
    kind: str = ""


RULES = {
    "汇总": Rule("always"),
    "全国": Rule("always"),
    "干部": Rule("always", Measure.PEOPLE),
    "政策": Rule("always", Measure.POLICIES),
    "任务": Rule("always", Measure.OTHER),
    "文旅": Rule("counted"),
    "金融": Rule("counted", Measure.OTHER),
    "计划": Rule("counted", Measure.OTHER),
    "活动": Rule("never", kind="event"),
    "展销": Rule("never", kind="event"),
    "航线": Rule("never", kind="transport_link"),
    "机制": Rule("never"),
}
_TAG = re.compile(r"^\s*[【\[［]([^】\]］]{1,8})[】\]］]\s*")
_COUNT = re.compile(
    r"(近|超过|超|(?<!签)约|逾|不足)?(\d[\d,]*(?:\.\d+)?)(余|多)?(万)?(余|多)?(个|项|件|人次|人|名|家|批次|批|场|班次|班)(余|多|以上)?"
)
_UNTAGGED = re.compile(
    r"(?:合作|签约|产业|共建)?项目共?\d[\d,]*(?:余|多)?个|\d[\d,]*(?:余|多)?个[^，。；]{0,6}项目|\d[\d,.]*万?(?:余|多)?人次"
)
_DONE = re.compile(r"完成(?:投资)?\s*(近|超|约)?\s*([\d.,]+)\s*(亿元|万元)")
_SALES = re.compile(r"销售|成交|交易额")
_AMOUNT = re.compile(
    r"[^\d;；，,。()（）“”\"]{0,4}\d[\d,]*(?:\.\d+)?\s*(?:多|余)?\s*(?:亿元|万元|亿|万|元)(?:多|余|以上|左右)?"
)
_HINT = re.compile(r"[近超约逾余多足限少低高大左上以]")
_SEGMENTS = re.compile(r"[;；。]|(?<!\d)[,，]|[,，](?!\d{3})")
_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_PEOPLE = {"人次", "人", "名"}


class Figure(NamedTuple):
    """One reported figure: money in `amount`, anything else in `value` with its unit."""

    measure: Measure
    value: Decimal | None
    amount: int | None
    bound: Bound
    unit: str


def split_tag(name: str) -> tuple[str, str]:
    """The bracketed word a name begins with ("" = none) and the rest."""
    found = _TAG.match(name)
    return (found[1], name[found.end() :].strip()) if found else ("", name.strip())


def is_statistic(tag: str, name: str, clause: str) -> bool:
    """Whether a row speaks of many projects, or of counts, rather than of one project."""
    if clause in SUMMARY_CLAUSES:
        return True
    rule = RULES.get(tag)
    if rule is None:
        return _UNTAGGED.search(name) is not None
    return rule.counts == "always" or (rule.counts == "counted" and _COUNT.search(name) is not None)


def is_sales(tag: str, note: str) -> bool:
    """Whether the remark calls the row's sum sales, which is no investment."""
    return tag == "展销" and bool(_SALES.search(note))


def figures(*, tag: str, name: str, note: str, amount: BoundedMoney | None, signed: bool) -> list[Figure]:
    """Every figure a statistic states, one per measure; one without a value when it states none."""
    rule = RULES.get(tag, Rule("always"))
    found: dict[Measure, Figure] = {}
    count = _count(rule, name)
    if count:
        found[count.measure] = count
    if amount is not None:
        measure = Measure.SIGNED if signed else Measure.PLANNED
        found[measure] = Figure(measure, None, amount.amount.cents, bound_with(amount, f"{note};{name}"), "元")
    done = _DONE.search(note)
    if done:
        parsed = parse_amount(f"{done[2]}{done[3]}")
        if parsed is not None:
            found[Measure.COMPLETED] = Figure(
                Measure.COMPLETED, None, parsed.amount.cents, bound_of(done[1] or ""), "元"
            )
    return list(found.values()) or [Figure(rule.measure or Measure.OTHER, None, None, Bound.EXACT, "")]


def _count(rule: Rule, name: str) -> Figure | None:
    found = _COUNT.search(name)
    if not found:
        return None
    try:
        value = Decimal(found[2].replace(",", "")) * (10_000 if found[4] else 1)
    except InvalidOperation:
        return None
    words = "".join(part or "" for part in (found[1], found[3], found[5], found[7]))
    unit = found[6]
    measure = rule.measure
    if measure is None:
        counts_projects = unit == "个" and "项目" in name
        measure = Measure.PEOPLE if unit in _PEOPLE else Measure.PROJECTS if counts_projects else Measure.OTHER
    return Figure(measure, value, None, bound_of(words), unit)


def may_bound(note: str) -> bool:
    """Whether a remark holds any word that could qualify a figure: a quick look before the thorough one."""
    return _HINT.search(note) is not None


def bound_with(amount: BoundedMoney, note: str) -> Bound:
    """The bound of an amount, its own or the one the remark gives: for the same sum, or in plain words (下限、约数)."""
    if amount.bound is not Bound.EXACT or not note:
        return amount.bound
    for segment in _SEGMENTS.split(note.replace("签约", "签")):
        for written in _AMOUNT.findall(segment):
            try:
                parsed = parse_amount(re.sub(r"^[^\d]*?(?=近|超|约|逾|不足|不少|至少|将近|\d)", "", written.strip()))
            except Invalid:
                continue
            if parsed is not None and parsed.amount == amount.amount and parsed.bound is not Bound.EXACT:
                return parsed.bound
    if "下限" in note:
        return Bound.AT_LEAST
    if "上限" in note:
        return Bound.AT_MOST
    return Bound.ABOUT if "约数" in note else Bound.EXACT


def as_of(note: str, year: int | None) -> dt.date | None:
    """The first day that the remark names (the end of a month where only that is named), if it lies in `year`."""
    for found in _DAY.finditer(note):
        number, month = int(found[1]), int(found[2])
        if not 1 <= month <= 12 or (year is not None and number != year):
            continue
        last = calendar.monthrange(number, month)[1]
        day = int(found[3] or last)
        if 1 <= day <= last:
            return dt.date(number, month, day)
    return None


def likeliest(wording: str, known: Iterable[str]) -> str:
    """The known wording that shares most characters with an unknown one ("" = none shares two or most of them)."""
    mine = set(wording)
    best, score = "", 0.0
    for other in known:
        shared = len(mine & set(other))
        value = shared / len(mine | set(other))
        if value > score and (shared >= 2 or value >= 0.4):
            best, score = other, value
    return best
