"""What is said before settings, catalogue or database are there: Chinese and English side by side.

Everything later goes through gettext as everywhere else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

TRUE = frozenset({"1", "true", "yes", "on", "y", "t", "ok"})


def language(environment: Mapping[str, str] | None = None) -> str:
    """The language of the command line: English where DUIKOU_LANG, LC_ALL, LC_MESSAGES or LANG says so, else Chinese.

    The first of them that is set decides, as POSIX has it. A machine's neutral locale (C, POSIX) asks for none.
    """
    known = os.environ if environment is None else environment
    for name in ("DUIKOU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := known.get(name, "").strip():
            return "en" if value.lower().startswith("en") else "zh-hans"
    return "zh-hans"


def pick(zh: str, en: str) -> str:
    """The one of two texts that the person at the command line reads."""
    return en if language() == "en" else zh


def debugging() -> bool:
    """Whether tracebacks are asked for (DUIKOU_DEBUG=1)."""
    return os.environ.get("DUIKOU_DEBUG", "").strip().lower() in TRUE


class Refusal(Exception):
    """Something that a person can mend, said in both languages; the command line ends with `code`."""

    def __init__(self, zh: str, en: str, *, code: int = 1) -> None:
        super().__init__(zh, en)
        self.zh, self.en, self.code = zh, en, code

    def __str__(self) -> str:
        return pick(self.zh, self.en)
