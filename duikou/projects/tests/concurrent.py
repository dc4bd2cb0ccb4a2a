"""A process of its own for the tests: `prepare`, `write WHO`, `fold` or `verify` on the database of DATABASE_URL."""

from __future__ import annotations

import sys

import django


def main(verb: str, who: str = "") -> None:
    """One role in the test of writers at once."""
    from duikou.kernel.actor import Actor
    from duikou.kernel.money import Money
    from duikou.programme.models import Programme
    from duikou.projects.models import Project
    from duikou.projects.services.draft import ProjectDraft
    from duikou.projects.services.projects import project_create
    from duikou.projects.services.steps import project_state_correct
    from duikou.projects.services.summaries import summaries_fold, summary_verify
    from duikou.projects.states import ProjectState
    from duikou.projects.tests.conftest import build

    if verb == "prepare":
        build()
    elif verb == "write":
        programme = Programme.objects.get(code="small")
        pairing = programme.pairing_set.get(code="shenyang-beijing")
        clause = programme.clause_set.get(code="3.2.2")
        for number in range(12):
            draft = ProjectDraft(
                programme, f"并发{who}-{number}", pairing, clause, pairing.first_region, signed_amount=Money("12.34")
            )
            project = project_create(actor=Actor.command("tests"), draft=draft, partial=True)
            project_state_correct(
                actor=Actor.command("tests"),
                project_id=project.pk,
                version=1,
                state=ProjectState.STARTED,
                reason="测试",
            )
    elif verb == "fold":
        for _turn in range(20):
            summaries_fold()
    elif verb == "verify":
        assert Project.objects.count() == 12 * int(who)
        assert summary_verify().wrong == ()


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
