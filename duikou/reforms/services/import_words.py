"""What rows of tables name (programme, places, subjects, clauses), found in the world as it is when a file is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Options, Problem
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Forbidden, Invalid
from duikou.kernel.text import near_key
from duikou.programme.models import Clause, Region, Topic
from duikou.programme.selectors import ClauseIndex, clause_index, programme_at, topics_of
from duikou.reforms.selectors.places import Places, places_of


@dataclass(slots=True)
class Words:
    """Everything that a row may name, loaded once (four queries)."""

    places: Places
    mine: tuple[Region, ...]
    clauses: ClauseIndex
    topics: dict[str, Topic]
    regions: dict[str, Region] = field(default_factory=dict)

    @classmethod
    def of(cls, actor: Actor, options: Options) -> Words:
        """For the programme that the file was brought for; refuses an office that has no place in it."""
        programme = programme_at(options.get("programme", ""))
        if programme is None:
            raise Invalid(_("请选择方案。"))
        places = places_of(programme)
        mine = places.all if not actor.is_person else places.acted_for(actor)
        if not mine:
            raise Forbidden(_("您负责的地区不在这个方案的对口关系中。"))
        topics = {
            key: row for row in topics_of(programme) for key in map(near_key, (row.code, row.title, row.title_en))
        }
        regions = {key: row for row in places.all for key in map(near_key, (row.adcode, row.short_name, row.name))}
        return cls(places, mine, clause_index(programme), topics, regions)

    def region(self, text: str | None, key: str, problems: list[Problem], *, own: bool) -> Region | None:
        """The place that is named; where none is, the only one of this office. `own`: it must be this office's."""
        if not text:
            if own and len(self.mine) == 1:
                return self.mine[0]
            if own:
                problems.append(Problem(key, "region", _("请写明地区。")))
            return None
        found = self.regions.get(near_key(text))
        if found is None:
            reason = _("方案的对口关系中没有地区“%(text)s”。") % {"text": text[:40]}
            problems.append(Problem(key, "region", reason))
        elif own and found not in self.mine:
            problems.append(Problem(key, "region", _("%(region)s不在您负责的地区之内。") % {"region": found.label}))
            return None
        return found

    def topic(self, text: str | None, problems: list[Problem]) -> Topic | None:
        """The subject that is named by code or title."""
        if not text:
            return None
        found = self.topics.get(near_key(text))
        if found is None:
            problems.append(Problem("topic", "topic", _("方案中没有改革主题“%(text)s”。") % {"text": text[:40]}))
        return found

    def clause_list(self, text: str | None, topic: Topic | None, problems: list[Problem]) -> tuple[Clause, ...]:
        """The clauses that are named; where none is, those of the subject."""
        if not text:
            if topic is not None:
                return tuple(topic.clauses.all())
            problems.append(Problem("clauses", "clause", _("请写明条款，或写明改革主题。")))
            return ()
        whole = self.clauses.resolve(text)
        if whole.clause is not None:
            return (whole.clause,)
        parts = [self.clauses.resolve(part).clause for part in re.split(r"[;；、,，\n]+", text) if part.strip()]
        if not parts or None in parts:
            problems.append(Problem("clauses", "clause", _("方案中没有条款“%(text)s”。") % {"text": text[:40]}))
            return ()
        return tuple(dict.fromkeys(part for part in parts if part is not None))
