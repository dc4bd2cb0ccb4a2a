"""Money of a promise as tables and texts write it: 中央资金约1,250万元；大连方自有资金30万元."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from duikou.kernel.errors import Invalid
from duikou.kernel.money import Bound, Money, parse_amount
from duikou.plans.rules.content import MoneyContent, plain_figure
from duikou.plans.rules.units import SideNames, side_name
from duikou.plans.services.entry_draft import MoneyDraft
from duikou.plans.states import MoneySource, Side

_SOURCES = (
    (MoneySource.CENTRAL, r"(?:争取)?(?:中央|国家)(?:预算内|财政|专项)?(?:投资|资金|补助)?"),
    (MoneySource.OWN, r"(?:企业)?自(?:有|筹)(?:资金)?|企业(?:投资|资金|出资)"),
    (MoneySource.LOAN, r"银行(?:贷款|信贷)|贷款"),
    (MoneySource.LOCAL, r"(?:地方|省级|市级|本级)(?:财政|预算内)?(?:投资|资金)?|财政(?:投资|资金)"),
    (MoneySource.OTHER, r"其他(?:资金|来源)?|社会(?:资本|资金)"),
)
_NAMED = re.compile("|".join(f"(?P<{source.value}>{words})" for source, words in _SOURCES))
_SIDED = re.compile(r"^[（(]([^（）()]{1,12})[）)]")
_WORDS = {Bound.ABOUT: "约", Bound.AT_LEAST: "不少于", Bound.AT_MOST: "不超过"}
_NAMES = {
    MoneySource.CENTRAL: "中央资金",
    MoneySource.LOCAL: "地方财政资金",
    MoneySource.OWN: "自有资金",
    MoneySource.LOAN: "银行贷款",
    MoneySource.OTHER: "其他资金",
}
"""As Chinese papers call them, in every language of the interface."""


def money_read(text: str, names: SideNames) -> tuple[MoneyDraft, ...]:
    """The money that a text names, source by source; raises `Invalid` with the part that cannot be read."""
    return tuple(_one(line.strip(), names) for line in re.split(r"[\n;；、]+|，(?!\d)", text) if line.strip(" 。"))


def money_written(row: MoneyContent, names: SideNames) -> str:
    """Money of one source in 万元, exact to the 分, as `money_read` reads it back."""
    side = {Side.FIRST.value: names.first, Side.SECOND.value: names.second}.get(row.side, "")
    figure = plain_figure(row.amount / 10_000) or "0"
    bound = _WORDS.get(Bound(row.bound), "")
    return f"{side_name(side) if side else ''}{_NAMES[MoneySource(row.source)]}{bound}{figure}万元"


def _one(text: str, names: SideNames) -> MoneyDraft:
    side, rest = names.side_at(text)
    found = _NAMED.match(rest)
    if found is None:
        sources = _("、").join(_NAMES.values())
        raise Invalid(
            _("无法识别“%(text)s”；请以资金来源开头：%(sources)s。") % {"text": text[:40], "sources": sources}
        )
    source = next(name for name, words in found.groupdict().items() if words is not None)
    rest = rest[found.end() :]
    if not side and (named := _SIDED.match(rest)):
        side, left = names.side_at(named[1])
        rest = rest[named.end() :] if side and not left else rest
    amount = parse_amount(rest.strip("：: 。"), unit="万元")
    if amount is None:
        raise Invalid(_("“%(text)s”没有写明金额。") % {"text": text[:40]})
    return MoneyDraft(source, Money(amount.amount), side, amount.bound.value)
