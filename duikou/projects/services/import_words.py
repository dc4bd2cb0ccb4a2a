"""What a row of a cooperation record speaks of: one project, or figures about many. No queries here.

Office tables mix both. The rules, in order:

| the name begins with | taken as |
|---|---|
| 【汇总】【全国】 | reported statistic: projects, planned or signed amount, completed from the remark |
| 【干部】 | reported statistic of people |
| 【政策】 | reported statistic of policies |
| 【任务】【计划】【机制】 | reported statistic: a task, a plan or a mechanism is no project, also without any figure |
| 【文旅】【金融】 | reported statistic when the name counts something (人次、家、项…), else a project |
| any other bracket | project; its kind is the one whose `record_words` in the pack hold the bracket (import_kinds.py) |
| no bracket | project; a statistic when the clause says 汇总 or the name counts projects or people |

A statistic holds one figure per number with a counting unit in its name, each with the words it stands in.
A sum that the remark calls sales is not an investment and is left out.
A remark tells how far a figure is meant: 近、约、约数 about; 超、余、多、下限 at least; 不足、上限 at most.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
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


RULES = {
    "汇总": Rule("always"),
    "全国": Rule("always"),
    "干部": Rule("always", Measure.PEOPLE),
    "政策": Rule("always", Measure.POLICIES),
    "任务": Rule("always", Measure.OTHER),
    "文旅": Rule("counted"),
    "金融": Rule("counted", Measure.OTHER),
    "计划": Rule("always", Measure.OTHER),
    "机制": Rule("always", Measure.OTHER),
}
_TAG = re.compile(r"^\s*[【\[［]([^】\]］]{1,8})[】\]］]\s*")
_COUNT = re.compile(
    r"(将近|近|超过|超|(?<!签)约|逾|不足)?\s*(?<![\d.,第A-Za-z])(\d+(?:,\d{3})*(?:\.\d+)?)\s*(余|多)?(万|亿)?(余|多)?\s*"
    r"(个(?!月|百分点|工作日|小时|自然日)|事项|项(?!目)|件|人次|人(?!才|大|民|工|均|口)|名(?!优|特|牌|品|企|校|医|师|单)"
    r"|位|家|户|批次|批|场次|场|班次|班|期(?!工程|项目|建设)|次|方面|条|台|辆|套|处|所|份|篇|趟)(余|多|以上)?"
)
_BREAKS = re.compile(r"[;；，。、]|,(?!\d{3})")
_VERB = re.compile(r"(完成|办结|签约|开工|投产|投用|落地|接收|选派|培训|参加|取消|新增|建成)$")
_ASIDE = re.compile(r"[(（][^()（）]*[)）]")
_INVESTED = re.compile(r"已(?:完成)?投(?:入|资)\s*(近|超|约)?\s*([\d.,]+)\s*(多|余)?(亿|万)(多|余)?元?")
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
_PEOPLE = {"人次", "人", "名", "位"}
_ITEMS = {"项", "事项", "条", "件"}


class Figure(NamedTuple):
    """One reported figure: money in `amount`, anything else in `value` with its unit."""

    measure: Measure
    value: Decimal | None
    amount: int | None
    bound: Bound
    unit: str
    label: str = ""


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
    return rule.counts == "always" or _COUNT.search(name) is not None


def is_sales(tag: str, note: str) -> bool:
    """Whether the remark calls the row's sum sales, which is no investment."""
    return tag == "展销" and bool(_SALES.search(note))


def figures(*, tag: str, name: str, note: str, amount: BoundedMoney | None, signed: bool) -> list[Figure]:
    """Every figure a statistic states: the counts of its name in order, then money; one without a value when none."""
    rule = RULES.get(tag, Rule("always"))
    found = list(_counts(rule, name))
    if amount is not None:
        measure = Measure.SIGNED if signed else Measure.PLANNED
        found.append(Figure(measure, None, amount.amount.cents, bound_with(amount, f"{note};{name}"), "元"))
    done = _DONE.search(note)
    if done:
        parsed = parse_amount(f"{done[2]}{done[3]}")
        if parsed is not None:
            found.append(Figure(Measure.COMPLETED, None, parsed.amount.cents, bound_of(done[1] or ""), "元"))
    return found or [Figure(rule.measure or Measure.OTHER, None, None, Bound.EXACT, "")]


def numbered(found: Iterable[Figure]) -> list[tuple[int, Figure]]:
    """Figures with their number among those of the same measure: a row and this number name one statement."""
    seen: Counter[Measure] = Counter()
    result = []
    for figure in found:
        result.append((seen[figure.measure], figure))
        seen[figure.measure] += 1
    return result


def _counts(rule: Rule, name: str) -> Iterator[Figure]:
    matches = list(_COUNT.finditer(name))
    for found, label in zip(matches, _labels(name, matches), strict=True):
        scale = {"万": 10_000, "亿": 100_000_000}.get(found[4] or "", 1)
        words = "".join(part or "" for part in (found[1], found[3], found[5], found[7]))
        value = Decimal(found[2].replace(",", "")) * scale
        yield Figure(_measure(rule, found[6], label), value, None, bound_of(words), found[6], label)


def _measure(rule: Rule, unit: str, label: str) -> Measure:
    if unit in _PEOPLE and rule.measure in (None, Measure.PEOPLE):
        return Measure.PEOPLE
    if rule.measure is Measure.POLICIES:
        return Measure.POLICIES if unit in _ITEMS else Measure.OTHER
    if rule.measure is None and unit in {"个", "项"} and "项目" in label:
        return Measure.PROJECTS
    return Measure.OTHER


def _labels(name: str, matches: Sequence[re.Match[str]]) -> list[str]:
    """What each figure counts: the words around it, up to its neighbours and the breaks of the sentence.

    Words between two figures go with the first, but for a verb at their end (“30项重点任务完成29项”); a figure left
    without words of its own takes those before its neighbour (“培训班51期2618人次”).
    """
    labels: list[str] = []
    start, lead = 0, ""
    for at, found in enumerate(matches):
        before = name[start : found.start()]
        broken = [part.end() for part in _BREAKS.finditer(before)]
        before = before[broken[-1] :] if broken else before
        end = matches[at + 1].start() if at + 1 < len(matches) else len(name)
        after = name[found.end() : end]
        stop = _BREAKS.search(_blanked(after))
        after = after[: stop.start()] if stop else after
        verb = _VERB.search(after) if not stop and at + 1 < len(matches) else None
        if verb:
            after = after[: verb.start()]
        if at and not broken and not before.strip():
            before = lead
        lead = before
        start = found.end() + len(after)
        labels.append(_tidy(before + after))
    return labels


def _blanked(text: str) -> str:
    """The text with bracketed asides blanked out, so that their commas break nothing."""
    return _ASIDE.sub(lambda aside: "\u3000" * len(aside[0]), text)


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", _ASIDE.sub("", text)).strip(" ·—-:：")


def invested(note: str) -> tuple[int, str] | None:
    """What the remark says was already put in (分, bound): completed, not planned money."""
    found = _INVESTED.search(note) if "已" in note else None
    if not found:
        return None
    try:
        parsed = parse_amount(f"{found[2]}{found[4]}元")
    except Invalid:
        return None
    if parsed is None:
        return None
    return parsed.amount.cents, bound_of("".join(part or "" for part in (found[1], found[3], found[5]))).value


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
