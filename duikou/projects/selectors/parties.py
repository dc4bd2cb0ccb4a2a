"""Who takes part in each of many projects, in the query of the projects themselves."""

from __future__ import annotations

from typing import Any

from django.db.models import Aggregate, JSONField, OuterRef, QuerySet, Subquery

from duikou.projects.models import Project, ProjectParty


class _Pairs(Aggregate):
    """Two columns of a group's rows as one JSON list of pairs, in no order."""

    arity = 2
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="json_group_array(json_array(%(expressions)s))", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="jsonb_agg(jsonb_build_array(%(expressions)s))", **more)


def with_parties(projects: QuerySet[Project]) -> QuerySet[Project]:
    """The same projects, each bearing what `party_names` reads: no query more, however many there are."""
    rows = ProjectParty.objects.filter(project=OuterRef("pk")).order_by().values("project")
    return projects.annotate(numbered_parties=Subquery(rows.annotate(pairs=_Pairs("id", "name")).values("pairs")))


def party_names(project: Any) -> list[str]:
    """The names of a project read `with_parties`, in the order in which they were entered."""
    return [name for _number, name in sorted(project.numbered_parties or ())]
