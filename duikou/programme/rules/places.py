"""Names of places: short forms, pinyin, English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from duikou.kernel.text import near_key

PEOPLES = {
    "蒙古族": "Mongol", "蒙古": "Mongol", "回族": "Hui", "藏族": "Tibetan", "维吾尔": "Uygur",
    "苗族": "Miao", "彝族": "Yi", "壮族": "Zhuang", "布依族": "Buyi", "朝鲜族": "Korean",
    "满族": "Manchu", "侗族": "Dong", "瑶族": "Yao", "白族": "Bai", "土家族": "Tujia",
    "哈尼族": "Hani", "哈萨克族": "Kazakh", "哈萨克": "Kazakh", "傣族": "Dai", "黎族": "Li",
    "傈僳族": "Lisu", "佤族": "Va", "畲族": "She", "拉祜族": "Lahu", "水族": "Shui",
    "东乡族": "Dongxiang", "纳西族": "Naxi", "景颇族": "Jingpo", "柯尔克孜": "Kirghiz", "土族": "Tu",
    "达斡尔族": "Daur", "仫佬族": "Mulao", "羌族": "Qiang", "布朗族": "Blang", "撒拉族": "Salar",
    "毛南族": "Maonan", "仡佬族": "Gelao", "锡伯": "Xibe", "普米族": "Pumi", "塔吉克": "Tajik",
    "怒族": "Nu", "鄂温克族": "Ewenki", "德昂族": "De'ang", "保安族": "Bonan", "裕固族": "Yugur",
    "独龙族": "Derung", "鄂伦春": "Oroqen", "独龙": "Derung", "各族": "Multi-ethnic",
}  # fmt: skip
"""Peoples as they stand in the names of autonomous places, with their usual English names."""

_PEOPLE = "|".join(sorted(map(re.escape, PEOPLES), key=len, reverse=True))
_AUTONOMOUS = re.compile(rf"^(?P<stem>.+?)(?P<peoples>(?:{_PEOPLE})*)自治(?P<rank>区|州|县|旗)$")
_SUFFIX = re.compile(r"(特别行政区|林区|特区|矿区|地区|新区|省|市|区|县|旗|盟)$")
_ENGLISH_SUFFIX = {
    "林区": "Forestry District", "特区": "Special District", "矿区": "Mining District", "地区": "Prefecture",
    "新区": "New Area", "区": "District", "县": "County", "旗": "Banner", "盟": "League",
}  # fmt: skip
_AUTONOMOUS_ENGLISH = {
    "区": "Autonomous Region",
    "州": "Autonomous Prefecture",
    "县": "Autonomous County",
    "旗": "Autonomous Banner",
}
_VOWELS = "aeo"


def short_name(name: str) -> str:
    """The name as people say it: 大连市 → 大连, 延边朝鲜族自治州 → 延边; one-character stems keep their suffix."""
    autonomous = _AUTONOMOUS.match(name)
    stem = autonomous["stem"] if autonomous else _SUFFIX.sub("", name)
    return stem if len(stem) > 1 else name


def other_names(name: str) -> list[str]:
    """Further everyday forms of an autonomous place: 延边朝鲜族自治州 → 延边州."""
    autonomous = _AUTONOMOUS.match(name)
    if autonomous is None or len(autonomous["stem"]) < 2:
        return []
    return [autonomous["stem"] + autonomous["rank"]]


def syllables(name: str, readings: Mapping[str, str]) -> list[str]:
    """Pinyin of `name`, one entry per character; `readings` maps a piece of a name to its spaced pinyin."""
    for piece, spoken in readings.items():
        at = name.find(piece)
        if at >= 0:
            return [
                *(syllables(name[:at], readings) if at else []),
                *spoken.split(),
                *(syllables(name[at + len(piece) :], readings) if name[at + len(piece) :] else []),
            ]
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionaries take a fifth of every process's start

    return lazy_pinyin(name)


def romanised(parts: list[str]) -> str:
    """Pinyin as one capitalised word, with the apostrophe where it must stand: xi, an → Xi'an."""
    word = "".join(("'" if at and part[:1] in _VOWELS else "") + part for at, part in enumerate(parts))
    return word[:1].upper() + word[1:]


def english_name(name: str, level: str, readings: Mapping[str, str]) -> str:
    """The English name by rule: 浑南区 → Hunnan District, 延边朝鲜族自治州 → Yanbian Korean Autonomous Prefecture."""
    autonomous = _AUTONOMOUS.match(name)
    if autonomous:
        peoples = [PEOPLES[found] for found in re.findall(_PEOPLE, autonomous["peoples"])]
        words = " and ".join([", ".join(peoples[:-1]), peoples[-1]] if len(peoples) > 1 else peoples)
        stem = romanised(syllables(autonomous["stem"], readings))
        return " ".join(filter(None, [stem, words, _AUTONOMOUS_ENGLISH[autonomous["rank"]]]))
    suffix = _SUFFIX.search(name)
    tail = suffix[0] if suffix else ""
    stem = name[: -len(tail)] if tail and len(name) > len(tail) else name
    if len(stem) == 1 and tail in ("县", "区"):
        stem = name
    english = _ENGLISH_SUFFIX.get(tail, "")
    if tail == "市" and level == "county":
        english = "City"
    return " ".join(filter(None, [romanised(syllables(stem, readings)), english]))


def name_key(name: str) -> str:
    """The form in which names of places are compared."""
    return near_key(name)
