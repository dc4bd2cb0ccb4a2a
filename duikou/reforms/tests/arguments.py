"""What the addresses of this room speak of: a practice of 北京, followed by 沈阳, with a question and a report."""

from __future__ import annotations

from typing import Any

from tests.arguments import Known, Subject, once


@once
def _measure(known: Known) -> dict[str, Any]:
    from duikou.access.models import Membership
    from duikou.access.selectors import actor_of_membership
    from duikou.access.services.contact import ContactDraft
    from duikou.reforms.services.contacts import contact_set
    from duikou.reforms.tests.conftest import days_ago, publish

    post = Membership.objects.select_related("account", "organisation", "region").get(account__username="beijing")
    actor = actor_of_membership(post)
    measure = publish(actor, on=days_ago(100), title="地址表中的经验")
    contact_set(actor=actor, measure_id=measure.pk, draft=ContactDraft("王某", "", "010-12345678"))
    return {"measure_id": measure.pk}


@once
def _adoption(known: Known) -> dict[str, Any]:
    from duikou.kernel.clock import today
    from duikou.reforms.models import ReformMeasure
    from duikou.reforms.services.effects import EffectDraft, effect_report
    from duikou.reforms.tests.conftest import adopt

    actor = known["people"]["shenyang_editor"].actor
    row = adopt(actor, ReformMeasure.objects.get(pk=_measure(known)["measure_id"]))
    report = effect_report(actor=actor, adoption_id=row.pk, draft=EffectDraft(today(), "成效"))
    return {"adoption_id": row.pk, "report_id": report.pk}


@once
def _talk(known: Known) -> dict[str, Any]:
    from duikou.reforms.services.talks import talk_add

    actor = known["people"]["shenyang_editor"].actor
    return {"talk_id": talk_add(actor=actor, text="怎么做？", **_measure(known)).pk}


@once
def _statement(known: Known) -> dict[str, Any]:
    from duikou.reforms.services.counts import count_state
    from duikou.reforms.tests.test_spread import stated

    actor = known["people"]["shenyang_editor"].actor
    return {"statement_id": count_state(actor=actor, draft=stated()).pk}


@once
def _statistic(known: Known) -> dict[str, Any]:
    from decimal import Decimal

    from duikou.kernel.actor import Actor
    from duikou.programme.models import Pairing
    from duikou.projects.models import Measure
    from duikou.projects.services.statistics import StatisticDraft, statistic_record

    pairing = Pairing.objects.select_related("programme").get(code="shenyang-beijing")
    draft = StatisticDraft(
        pairing.programme,
        "地址表中的政策",
        pairing,
        measure=Measure.POLICIES,
        value=Decimal(129),
        year=2019,
        source_name="报道",
    )
    return {"statistic_id": statistic_record(actor=Actor.command("tests"), draft=draft)[0].pk}


def _of_adoption(*names: str) -> Subject:
    return lambda known: {name: _adoption(known)[name] for name in names}


SUBJECTS: dict[str, Subject] = {
    **{
        f"reforms:{page}": _measure
        for page in (
            *("measure", "measure-edit", "measure-publish", "measure-withdraw", "measure-supersede"),
            *("contact", "contact-reveal", "talk-add"),
        )
    },
    **{
        f"reforms:step-{verb}": lambda known: {**_measure(known), "adcode": "210100"}
        for verb in ("follow", "adapt", "adopt", "decline", "end", "correct")
    },
    "reforms:adoption": _of_adoption("adoption_id"),
    "reforms:effect-new": _of_adoption("adoption_id"),
    "reforms:effect-correct": _of_adoption("adoption_id", "report_id"),
    "reforms:talk-reply": _talk,
    "reforms:count": _statement,
    "reforms:count-withdraw": _statement,
    "reforms:reported": _statistic,
}
