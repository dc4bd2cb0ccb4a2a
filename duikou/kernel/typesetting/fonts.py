"""Which fonts stand for those of GB/T 9704-2012 on this machine, and which characters none of them has.

The standard's own fonts (方正小标宋, 仿宋_GB2312, 楷体_GB2312, 黑体) may not be shipped; where an office has them
installed, or in the folders of `DUIKOU_FONTS`, they are used, otherwise the nearest free ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import typst

from duikou.kernel.typesetting.engine import STANDARD, fonts, typeset

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "Noto Serif CJK SC", "Noto Serif SC"),
    "fangsong": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "STFangsong", "Noto Serif CJK SC", "Noto Serif SC"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "STKaiti", "LXGW WenKai", "Noto Serif CJK SC", "Noto Serif SC"),
    "hei": ("SimHei", "黑体", "STHeiti", "Noto Sans CJK SC", "Noto Sans SC"),
    "song": ("SimSun", "宋体", "STSong", "Noto Serif CJK SC", "Noto Serif SC"),
}
"""By what the standard asks for: families in the order they are wished for."""

LAST_RESORT = ("Noto Serif CJK TC", "Noto Serif CJK JP", "Noto Sans CJK SC", "DejaVu Sans")
"""Asked for a character that the wished families lack."""

_PROBE = b"""#let d = json(bytes(sys.inputs.data))
#for names in d.fonts.values() { text(font: names, d.sign) }
"""


@cache
def installed() -> frozenset[str]:
    """The families that can be used here."""
    return frozenset(fonts().families())


@cache
def families() -> Mapping[str, list[str]]:
    """The families for each of the standard's fonts, those that are here only, in the order they are tried."""
    here = installed()
    return {
        wished: [name for name in (*names, *LAST_RESORT) if name in here] or ["Libertinus Serif"]
        for wished, names in FAMILIES.items()
    }


def missing(texts: Iterable[str]) -> tuple[str, ...]:
    """The characters of the texts that no font here can draw, in order of their code."""
    signs = {sign for text in texts for sign in text}
    return tuple(sorted(sign for sign in signs if not (_is_common(sign) or _can_draw(sign))))


def _is_common(sign: str) -> bool:
    """Whether it is a printable one of ASCII, a line end, or of GB 2312, which every Chinese font has."""
    if sign <= "\x7f":
        return sign.isprintable() or sign in "\n\t"
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return _has_chinese()


@cache
def _has_chinese() -> bool:
    return not installed().isdisjoint(name for names in FAMILIES.values() for name in names)


@lru_cache(maxsize=50_000)
def _can_draw(sign: str) -> bool:
    """Ask the typesetter, in each of the standard's fonts: under PDF/A a character without a glyph is an error."""
    try:
        typeset(_PROBE, {"fonts": dict(families()), "sign": sign}, standard=STANDARD)
    except typst.TypstError:
        return False
    return True
