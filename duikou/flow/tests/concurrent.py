"""A process of its own for the test of people at once: many threads on the database of DATABASE_URL, then a verdict."""

from __future__ import annotations

import sys
import threading
from collections import Counter

import django


def main(rounds: int) -> None:
    """Each round sends a paper and lets everybody act at the same moment, some twice; nothing is skipped or doubled."""
    from duikou.flow.models import register_subject
    from duikou.flow.tests.papers import Papers
    from duikou.kernel.actor import Actor

    _seed(Actor.command("tests"))
    papers = Papers()
    register_subject(papers.subject())
    for number in range(rounds):
        _round(str(number))
        _crossing(f"x{number}")
        _standing_in(f"s{number}")


def _seed(actor) -> None:
    from django.conf import settings

    from duikou.access.services.demonstration import demonstration_seed
    from duikou.programme.services.industry_load import industries_load
    from duikou.programme.services.pack_load import programme_load

    industries_load(actor=actor)
    programme_load(actor=actor, folder=settings.PACKS / "northeast-east-2017")
    demonstration_seed(actor=actor)


def _actor(username):
    from duikou.access.models import Membership
    from duikou.access.selectors import actor_of_membership

    posts = Membership.objects.select_related("account", "organisation", "region").order_by("id")
    return actor_of_membership(posts.filter(account__username=username).first())


def _round(number: str) -> None:
    from duikou.flow.models import RouteAct, RouteRun, RouteStep
    from duikou.flow.services.route_clock import routes_tick
    from duikou.flow.services.routes import run_start, run_withdraw, step_act, step_return
    from duikou.flow.tests.papers import definition, ref, step
    from duikou.programme.models import Region, Route
    from duikou.programme.selectors import programme_at
    from duikou.records.models import AuditEvent

    programme = programme_at("northeast-east-2017")
    made = definition(
        [step("first_lead"), step("second_lead", "second")],
        [step("receive", "nation", "coordinator", "receive"), step("too", "nation", "cadre_authority", "receive")],
    )
    route, _new = Route.objects.update_or_create(
        programme=programme,
        code="made_up",
        defaults={
            "title": "流程",
            "title_en": "Route",
            "clause": programme.clause_set.get(code="4.2"),
            "definition": made,
        },
    )
    sides = {"first": Region.objects.get(adcode="210100"), "second": Region.objects.get(adcode="110000")}
    people = {
        name: _actor(name) for name in ("shenyang", "shenyang-lead", "beijing-lead", "coordinator", "cadre", "beijing")
    }

    def send(who):
        run_start(actor=people[who], route=route, subject=ref(number), parties=sides, digest="d0", programme=programme)

    _at_once([lambda who=who: send(who) for who in ("shenyang", "shenyang", "beijing", "shenyang-lead")], wins=1)
    run = RouteRun.objects.get(subject_id=number)
    first, second = (RouteStep.objects.get(run=run, code=code).pk for code in ("first_lead", "second_lead"))

    def sign(who, pk):
        step_act(actor=people[who], step_id=pk, seen="d0")

    both = [lambda: sign("shenyang-lead", first)] * 3 + [lambda: sign("beijing-lead", second)] * 3
    _at_once([*both, routes_tick], wins=3)
    run.refresh_from_db()
    assert run.stage == 1, "both sides signed and the stage did not advance"
    waiting = {row.code: row.pk for row in RouteStep.objects.filter(run=run, state="open")}
    assert sorted(waiting) == ["receive", "too"], waiting
    if int(number) % 2:
        last = [lambda: sign("coordinator", waiting["receive"])] * 2 + [lambda: sign("cadre", waiting["too"])] * 2
        _at_once(last, wins=2)
        run.refresh_from_db()
        assert run.state == "finished", run.state
        assert RouteAct.objects.filter(run=run).count() == 5
    else:
        reason = {"to": "author", "reason": "再改"}
        back = [
            lambda: step_return(actor=people["coordinator"], step_id=waiting["receive"], **reason),
            lambda: step_return(actor=people["cadre"], step_id=waiting["too"], **reason),
            lambda: run_withdraw(actor=people["shenyang"], run_id=run.pk, reason="撤回"),
        ]
        _at_once(back, wins=1)
        run.refresh_from_db()
        assert run.state == "returned", run.state
        assert RouteAct.objects.filter(run=run).count() == 4
    events = AuditEvent.objects.filter(
        subject_kind="flow.routerun", subject_id=str(run.pk), action__startswith="flow.route."
    )
    assert events.count() == RouteAct.objects.filter(run=run).count()
    doubled = Counter(RouteStep.objects.filter(run=run, state__in=("open", "done")).values_list("code", flat=True))
    assert all(count == 1 for count in doubled.values()), doubled


def _crossing(number: str) -> None:
    """At one open step, at one moment: it is signed, sent back and taken back, while the clock finds it overdue."""
    import datetime as dt

    from duikou.flow.models import InboxItem, RouteAct, RouteStep
    from duikou.flow.services.route_clock import routes_tick
    from duikou.flow.services.routes import run_start, run_withdraw, step_act, step_return
    from duikou.flow.tests.papers import definition, ref, step
    from duikou.kernel.clock import today
    from duikou.programme.models import Region, Route
    from duikou.programme.selectors import programme_at

    programme = programme_at("northeast-east-2017")
    above = {"party": "nation", "role": "coordinator"}
    route = Route.objects.get(programme=programme, code="made_up")
    route.definition = definition([step("first_lead", working_days=1, escalate_to=above)])
    sides = {"first": Region.objects.get(adcode="210100"), "second": Region.objects.get(adcode="110000")}
    editor, lead = _actor("shenyang"), _actor("shenyang-lead")
    run = run_start(actor=editor, route=route, subject=ref(number), parties=sides, digest="d0", programme=programme)
    first = RouteStep.objects.get(run=run)
    RouteStep.objects.filter(pk=first.pk).update(due_on=today() - dt.timedelta(days=1), remind_on=None)
    calls = [
        lambda: step_act(actor=lead, step_id=first.pk, seen="d0"),
        lambda: step_return(actor=lead, step_id=first.pk, to="author", reason="再改"),
        lambda: run_withdraw(actor=editor, run_id=run.pk, reason="撤回"),
    ]
    told = _at_once([*calls, routes_tick], wins=2)
    run.refresh_from_db()
    first.refresh_from_db()
    outcome = {"finished": "done", "returned": "returned", "withdrawn": "void"}
    assert outcome[run.state] == first.state, (run.state, first.state)
    acts = list(RouteAct.objects.filter(run=run).order_by("id"))
    assert len(acts) == 2, [act.verb for act in acts]
    assert len(told) == 2, told
    winner = acts[-1]
    assert all(winner.name in words or "您已经办理过" in words for words in told), (winner.name, told)
    waiting = InboxItem.objects.filter(subject_id=number, state="open", kind__in=("flow.step", "flow.late"))
    assert not waiting.exists(), list(waiting.values_list("key", flat=True))


def _standing_in(number: str) -> None:
    """At one moment a step is done by its holder and twice by who stands in, while the other side signs or returns."""
    from duikou.access.models import Account
    from duikou.flow.models import Delegation, InboxItem, RouteAct, RouteStep
    from duikou.flow.services.delegations import delegation_open
    from duikou.flow.services.routes import run_start, step_act, step_return
    from duikou.flow.tests.papers import definition, ref, step
    from duikou.kernel.actor import Role
    from duikou.kernel.clock import today
    from duikou.programme.models import Region, Route
    from duikou.programme.selectors import programme_at

    programme = programme_at("northeast-east-2017")
    route = Route.objects.get(programme=programme, code="made_up")
    route.definition = definition(
        [step("first_lead"), step("second_lead", "second", return_to=["author"])], [step("group", role="office_editor")]
    )
    sides = {"first": Region.objects.get(adcode="210100"), "second": Region.objects.get(adcode="110000")}
    editor, lead, other = _actor("shenyang"), _actor("shenyang-lead"), _actor("beijing-lead")
    if not Delegation.objects.exists():
        delegation_open(
            actor=lead,
            to_account=Account.objects.get(username="shenyang"),
            role=Role.OFFICE_LEAD,
            region=sides["first"],
            valid_from=today(),
            valid_to=today(),
            reason="出差",
        )
    run = run_start(actor=editor, route=route, subject=ref(number), parties=sides, digest="d0", programme=programme)
    pks = dict(RouteStep.objects.filter(run=run).values_list("code", "pk"))
    holder = [lambda: step_act(actor=lead, step_id=pks["first_lead"], seen="d0")]
    standing = [lambda: step_act(actor=editor, step_id=pks["first_lead"], seen="d0")] * 2
    both = [
        lambda: step_act(actor=other, step_id=pks["second_lead"], seen="d0"),
        lambda: step_return(actor=other, step_id=pks["second_lead"], to="author", reason="再改"),
    ]
    _at_once([*holder, *standing, *both], wins=None)
    run.refresh_from_db()
    acts = list(RouteAct.objects.filter(run=run).exclude(verb="start").order_by("id"))
    signed = [act.step.code for act in acts if act.verb == "sign"]
    assert len(signed) == len(set(signed)), signed
    states = dict(RouteStep.objects.filter(run=run).values_list("code", "state"))
    if run.state == "returned":
        assert [act.verb for act in acts].count("return") == 1
        assert acts[-1].verb == "return"
        assert "open" not in states.values(), states
    else:
        assert (run.state, run.stage, sorted(signed)) == ("running", 1, ["first_lead", "second_lead"])
        assert states["group"] == "open", states
    open_steps = [pk for code, pk in pks.items() if states[code] == "open"]
    waits = InboxItem.objects.filter(subject_id=number, state="open", kind="flow.step")
    assert waits.count() == len(open_steps) + (states.get("group") == "open")


def _at_once(calls, *, wins: int | None) -> list[str]:
    """All calls at the same moment, each in its own thread and transaction; so many of them must have been done (None:
    the caller counts).

    Returns what the others were told.
    """
    from django.db import connection

    from duikou.kernel.errors import Conflict, DomainError

    barrier, done, wrong, told = threading.Barrier(len(calls)), [], [], []

    def one(call):
        barrier.wait(30)
        try:
            call()
            done.append(call)
        except Conflict as refused:
            told.append(refused.message)
        except DomainError as error:
            if getattr(error, "status", 0) != 403:
                wrong.append(repr(error))
        except Exception as error:  # noqa: BLE001 - a thread's failure must reach the verdict
            wrong.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert wrong == [], wrong
    assert wins is None or len(done) == wins, f"{len(done)} of {len(calls)} were done, not {wins}"
    return [str(words) for words in told]


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
