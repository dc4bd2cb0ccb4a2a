"""Titles over several lines: about the same length, whole words together (GB/T 9704-2012, 7.3.1)."""

from __future__ import annotations

import re
from itertools import pairwise

MOST = 20
"""Characters of 2号 that stand side by side on 156 mm."""
WIDE = 28
"""The same on the 225 mm of a page laid across."""
_WHOLE = re.compile(
    r"[0-9A-Za-z.%〇]+[年月日号期版项]?|对口合作|实施方案|专项方案|工作计划|年度|工作要点|重点任务|重点工作|重大项目|会议纪要|纪要|事项表|"
    r"人民政府|发展改革委|发展和改革委员会|委员会|办公室|领导小组|振兴|[\u4e00-\u9fff]{2}(?:地区|省市)|产业园|合作区|"
    r"关于|印发|通知|意见|办法|规划|总结|报告|情况|建设|推进|加强|"
    r"[\u4e00-\u9fff]{1,4}?(?:省|自治区|市|自治州|盟|区|县)(?![\u4e00-\u9fff]?域)"
)
_NOT_FIRST = set("，。、；：？！）〕》”’…的地得了之等")
_NOT_LAST = set("（〔《“‘")
_GOOD_BEFORE = set("与和及暨的、，》）")


def balanced(title: str, most: int = MOST) -> list[str]:
    """The title in as few lines as it takes, parted where words end; the last is never a single character.

    What is shorter than a line stays whole; nothing of the title is added or lost.
    """
    length = len(title)
    if length <= most or "\n" in title:
        return [title]
    count = -(-length // most)
    cost = _costs(title)
    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, 0)}
    ideal = length / count
    for line in range(1, count + 1):
        for end in range(line, length + 1):
            found = [
                (best[line - 1, start][0] + (end - start - ideal) ** 2 + (0 if end == length else cost[end]), start)
                for start in range(max(0, end - most), end)
                if (line - 1, start) in best
            ]
            if found:
                best[line, end] = min(found)
    ends, at = [length], length
    for line in range(count, 0, -1):
        at = best[line, at][1]
        ends.append(at)
    return [title[start:end] for start, end in pairwise(reversed(ends))]


def _costs(title: str) -> list[float]:
    """What it costs to part the title before each place."""
    cost = [8.0] * (len(title) + 1)
    for at in range(1, len(title)):
        before, after = title[at - 1], title[at]
        if before in _GOOD_BEFORE:
            cost[at] = 0.0
        if after in "与和及暨《":
            cost[at] = 2.0
        if after in _NOT_FIRST or before in _NOT_LAST:
            cost[at] = 400.0
    for found in _WHOLE.finditer(title):
        for at in range(found.start() + 1, found.end()):
            cost[at] = max(cost[at], 60.0)
        if found.end() < len(title) and cost[found.end()] < 60 and title[found.end()] not in _NOT_FIRST:
            cost[found.end()] = min(cost[found.end()], 4.0)
    return cost
