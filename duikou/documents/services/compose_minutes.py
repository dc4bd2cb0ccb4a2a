"""Minutes as a paper (纪要): what was said and decided, who does it, who attended (GB/T 9704-2012, 10.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone, translation

from duikou.documents.rules.numbering import Numbering
from duikou.documents.rules.paper import Annex, Column, NameList, Paper, date_words, heading, paragraph
from duikou.documents.services.compose import Dress, foot_of, lowered
from duikou.kernel.rich_text import Block
from duikou.meetings.models import MinutesState, MinutesVersion, Seat
from duikou.meetings.selectors import (
    AttendanceContent,
    AttendeeContent,
    DecisionContent,
    MinutesContent,
    minutes_content,
)

MARKS = {
    MinutesState.DRAFT: "草案",
    MinutesState.IN_SIGNOFF: "会签稿",
    MinutesState.SUPERSEDED: "已被取代",
    MinutesState.ABANDONED: "已作废",
}
"""What stands across the pages of minutes that nobody may act on (any more)."""
BANNER = "会议纪要"


@dataclass(frozen=True, slots=True)
class MinutesDress:
    """What an office decides about minutes besides their text: 纪要标志, 编号, who was excused; and all of `Dress`."""

    dress: Dress
    banner: str = BANNER
    number: str = ""
    absent: tuple[str, ...] = ()


def minutes_paper(version: MinutesVersion, given: MinutesDress, *, check_address: str) -> Paper:
    """The minutes; `check_address` is where a paper of signed ones can be compared with what was signed."""
    with translation.override("zh-hans"):
        content = minutes_content(version)
        signed_on = timezone.localtime(content.signed_at).date() if content.signed_at else None
        state = MinutesState(version.state)
        return Paper(
            banner=given.banner,
            number=given.number,
            title=f"{content.title}纪要",
            blocks=tuple(_text(content)),
            signers=given.dress.signers,
            date=given.dress.date or signed_on,
            copies=given.dress.copies,
            printer=given.dress.printer,
            printed=given.dress.printed,
            annexes=(decisions_annex(content.decisions),) if content.decisions else (),
            lists=tuple(_lists(content, given.absent)),
            mark=MARKS.get(state, ""),
            foot=tuple(
                foot_of(
                    number=version.number,
                    digest=version.digest,
                    mark=MARKS.get(state, ""),
                    revision=version.revision,
                    check_address=check_address,
                )
            ),
        )


def decisions_annex(decisions: tuple[DecisionContent, ...]) -> Annex:
    """What was decided, who does it until when; set in the text, after it."""
    columns = (
        Column("序号", 6, "center"),
        Column("议定事项", 40),
        Column("责任方", 14, "center"),
        Column("责任单位（人）", 24),
        Column("完成期限", 16, "center"),
    )
    rows = tuple(
        (str(one.number), one.text, one.owner_side_label, one.owner_name, date_words(one.due_on)) for one in decisions
    )
    return Annex("议定事项", columns, rows, is_landscape=False, is_inline=True)


def _text(content: MinutesContent) -> Iterator[Block]:
    numbering = Numbering()
    yield paragraph(f"时间：{content.when}")
    if content.place:
        yield paragraph(f"地点：{content.place}")
    yield paragraph(f"主办：{content.host_label}")
    if content.agenda:
        yield heading(numbering.next("会议议程", 1), 1)
        yield from (Block("item", paragraph(item.title).runs, level=1, number=item.number) for item in content.agenda)
    if content.blocks:
        yield heading(numbering.next("会议内容", 1), 1)
        yield from (lowered(block, 1, numbering) for block in content.blocks)
    if content.decisions:
        yield heading(numbering.next("议定事项", 1), 1)


def _lists(content: MinutesContent, absent: tuple[str, ...]) -> Iterator[NameList]:
    sides = tuple(_side(one) for one in content.attendance if one.seat != Seat.GUEST)
    guests = tuple(_people(one.people) for one in content.attendance if one.seat == Seat.GUEST)
    for label, lines in (("出席", sides), ("请假", absent), ("列席", guests)):
        if lines:
            yield NameList(label, lines)


def _side(one: AttendanceContent) -> str:
    return f"{one.label}：{_people(one.people)}"


def _people(people: tuple[AttendeeContent, ...]) -> str:
    return "、".join(map(_person, people))


def _person(one: AttendeeContent) -> str:
    """王某（沈阳市政府市长）, or how many of a body: 沈阳市有关部门12人."""
    if not one.name:
        return f"{one.organisation}{one.count}人"
    where = f"{one.organisation}{one.post}"
    return f"{one.name}（{where}）" if where else one.name
