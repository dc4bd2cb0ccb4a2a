"""Lists as people type them: one line a person, one line an agenda item."""

from __future__ import annotations

import re
from dataclasses import dataclass

from duikou.kernel.text import clean_name, has_word

_PARTS = re.compile(r"[，,、;；\t|｜]")
_COUNT = re.compile(r"^(?:另有|另|等|还有|共)?\s*(\d{1,4})\s*(?:人|名|位|people|persons|others)?$", re.IGNORECASE)


class Unreadable(ValueError):
    """A line that says nothing; `line` is its text, `number` its place from 1."""

    def __init__(self, number: int, line: str) -> None:
        self.number, self.line = number, line
        super().__init__(line)


@dataclass(frozen=True, slots=True)
class Person:
    """One line: somebody by name, or a number of people (`name` "")."""

    name: str
    post: str = ""
    organisation: str = ""
    count: int = 1


def people(text: str) -> tuple[Person, ...]:
    """Lines "name, post, organisation" or "12 people, organisation"; raises `Unreadable` for a line without words."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [clean_name(part) for part in _PARTS.split(clean_name(line))]
        if not any(parts):
            continue
        if not has_word(parts[0]):
            raise Unreadable(number, line)
        count = _COUNT.match(parts[0])
        if count and int(count[1]) > 0:
            found.append(Person("", "", "".join(parts[1:2]), int(count[1])))
        elif count:
            raise Unreadable(number, line)
        else:
            rest = [part for part in parts[1:] if part]
            found.append(Person(parts[0], rest[0] if rest else "", "、".join(rest[1:])))
    return tuple(found)


def people_text(rows: list[Person]) -> str:
    """The lines again, as `people` reads them."""
    return "\n".join(
        "，".join(part for part in (f"{row.count}人" if not row.name else row.name, row.post, row.organisation) if part)
        for row in rows
    )


def items(text: str) -> tuple[str, ...]:
    """Lines of an agenda, without numbers in front and without what stands twice."""
    found = [
        clean_name(re.sub(r"^\s*(?:\d{1,2}[.、．)）]|[（(]\d{1,2}[)）])\s*", "", line)) for line in text.splitlines()
    ]
    return tuple(dict.fromkeys(line for line in found if has_word(line)))
