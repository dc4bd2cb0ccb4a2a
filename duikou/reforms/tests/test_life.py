"""A measure from draft to successor, and what a region makes of it, step by step."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from duikou.flow.models import InboxItem
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from duikou.records.models import AuditEvent, Evidence
from duikou.reforms import selectors
from duikou.reforms.models import Adoption, EffectReport
from duikou.reforms.services.effects import EffectDraft, FigureDraft, effect_correct, effect_report
from duikou.reforms.services.measures import (
    measure_create,
    measure_publish,
    measure_supersede,
    measure_update,
    measure_withdraw,
)
from duikou.reforms.services.tellings import due_tick, stepped
from duikou.reforms.tests.conftest import (
    BEIJING,
    DALIAN,
    SHENYANG,
    adopt,
    days_ago,
    draft_of,
    paper,
    place,
    publish,
    step,
)

pytestmark = pytest.mark.django_db


def waiting(kind: str) -> list[InboxItem]:
    return list(InboxItem.objects.filter(kind=kind, state="open"))


def test_only_the_office_of_the_origin_tells_of_its_practice(shenyang_editor: Any, coordinator: Any, auditor: Any):
    for person in (shenyang_editor, coordinator, auditor):
        with pytest.raises(Forbidden):
            measure_create(actor=person.actor, draft=draft_of())


def test_either_side_may_publish_and_the_other_side_learns(
    shenyang_editor: Any, beijing_editor: Any, dalian_editor: Any
):
    ours = publish(shenyang_editor.actor, origin=place(SHENYANG), title="冰雪经济用地改革")
    assert ours.side != publish(beijing_editor.actor).side
    assert step(beijing_editor.actor, ours, BEIJING, "follow").state == "following"
    with pytest.raises(Forbidden, match="本方"):
        step(dalian_editor.actor, ours, DALIAN, "follow")


def test_a_draft_is_nobody_elses_and_cannot_be_followed(
    drafted: Any, shenyang_editor: Any, ministry: Any, auditor: Any
):
    for person in (shenyang_editor, ministry):
        with pytest.raises(NotFound):
            selectors.measure_visible(actor=person.actor, measure_id=drafted.pk)
    assert selectors.measure_visible(actor=auditor.actor, measure_id=drafted.pk) == drafted
    with pytest.raises(NotFound):
        step(shenyang_editor.actor, drafted, SHENYANG, "follow")


def test_nothing_is_published_that_a_reader_cannot_use(beijing_editor: Any):
    bare = measure_create(
        actor=beijing_editor.actor, draft=draft_of(summary="", document_title="", document_date=None, topic=None)
    )
    with pytest.raises(Invalid) as refused:
        measure_publish(actor=beijing_editor.actor, measure_id=bare.pk)
    assert {"summary", "document_title", "topic"} <= refused.value.fields.keys()
    other = measure_create(actor=beijing_editor.actor, draft=draft_of())
    for day in (days_ago(-1), draft_of().document_date.replace(year=2017)):  # type: ignore[union-attr]
        with pytest.raises(Invalid):
            measure_publish(actor=beijing_editor.actor, measure_id=other.pk, published_on=day)


def test_publishing_waits_for_the_partner_until_it_decides(beijing_editor: Any, shenyang_editor: Any):
    measure = publish(beijing_editor.actor)
    (item,) = waiting("reforms.new")
    assert item.region_path.endswith(f"{SHENYANG}/")
    assert "北京市" in item.words
    step(shenyang_editor.actor, measure, SHENYANG, "follow")
    assert not waiting("reforms.new")


def test_a_stale_save_is_refused_and_loses_nothing(drafted: Any, beijing_editor: Any, beijing_lead: Any):
    given = {"actor": beijing_editor.actor, "measure_id": drafted.pk, "revision": drafted.revision}
    measure_update(**given, draft=draft_of(title="承诺制（修订）"))
    with pytest.raises(Stale):
        measure_update(**{**given, "actor": beijing_lead.actor}, draft=draft_of(title="另一个名称"))


def test_text_is_made_safe_when_it_is_stored(beijing_editor: Any):
    row = measure_create(
        actor=beijing_editor.actor, draft=draft_of(summary="<p onclick=x>好<script>alert(1)</script></p>")
    )
    assert row.summary == "<p>好</p>"


def test_a_region_follows_adapts_and_adopts_with_a_document_and_a_file(measure: Any, shenyang_editor: Any, unit: Any):
    actor = shenyang_editor.actor
    step(actor, measure, SHENYANG, "follow")
    adapted = step(
        actor, measure, SHENYANG, "adapt", unit=unit.organisation, planned_on=days_ago(-20), differences="不含用地"
    )
    assert adapted.unit == unit.organisation
    assert [item.organisation_id for item in waiting("reforms.due")] == [unit.organisation.pk]
    with pytest.raises(Invalid) as refused:
        adopt(actor, measure, file=None)
    assert "file" in refused.value.fields
    row = adopt(actor, measure)
    assert (row.state, row.days, row.pairing.code) == ("adopted", 60, "shenyang-beijing")  # type: ignore[union-attr]
    assert Evidence.objects.filter(subject_kind="reforms.adoption", subject_id=str(row.pk)).count() == 1
    assert not waiting("reforms.due")


def test_the_same_step_sent_twice_is_one(measure: Any, shenyang_editor: Any):
    one = adopt(shenyang_editor.actor, measure)
    again = adopt(shenyang_editor.actor, measure, revision=0)
    assert (one.pk, one.revision) == (again.pk, again.revision)
    assert Adoption.objects.count() == 1


def test_a_step_from_an_old_page_is_refused(measure: Any, shenyang_editor: Any, shenyang_lead: Any):
    step(shenyang_editor.actor, measure, SHENYANG, "follow")
    step(shenyang_lead.actor, measure, SHENYANG, "adapt", planned_on=days_ago(-90))
    with pytest.raises(Stale):
        step(shenyang_editor.actor, measure, SHENYANG, "decline", reason="条件不具备", revision=1)


@pytest.mark.parametrize(
    ("before", "verb"), [("follow", "end"), ("decline", "adopt"), ("follow", "correct"), ("adopt", "decline")]
)
def test_steps_that_the_table_has_not_are_refused(measure: Any, shenyang_editor: Any, before: str, verb: str):
    actor = shenyang_editor.actor
    if before == "adopt":
        adopt(actor, measure)
    else:
        step(actor, measure, SHENYANG, before, reason="暂缓")
    with pytest.raises(Conflict):
        step(actor, measure, SHENYANG, verb, reason="理由", ended_on=today())


def test_only_the_office_of_the_region_decides_for_it(measure: Any, beijing_editor: Any, dalian_editor: Any, unit: Any):
    for person in (beijing_editor, dalian_editor, unit):
        with pytest.raises(Forbidden):
            step(person.actor, measure, SHENYANG, "follow")
    assert step(dalian_editor.actor, measure, DALIAN, "follow").pairing is None


def test_an_adoption_needs_a_document_of_the_regions_own_and_a_day_that_has_come(measure: Any, shenyang_editor: Any):
    for given in ({"document_title": " "}, {"adopted_on": None}, {"adopted_on": days_ago(-1)}):
        with pytest.raises(Invalid):
            adopt(shenyang_editor.actor, measure, **given)


def test_what_came_before_the_publication_has_no_days(measure: Any, shenyang_editor: Any):
    assert adopt(shenyang_editor.actor, measure, adopted_on=days_ago(500)).days is None


def test_an_adoption_ends_with_a_day_and_a_reason(adopted: Adoption, shenyang_editor: Any):
    actor, measure = shenyang_editor.actor, adopted.measure
    with pytest.raises(Invalid):
        step(actor, measure, SHENYANG, "end", reason="文件失效", ended_on=days_ago(50))
    row = step(actor, measure, SHENYANG, "end", reason="文件失效", ended_on=days_ago(1))
    assert row.state == "ended"


def test_a_wrong_registration_is_taken_back_with_a_reason_in_the_trail(adopted: Adoption, shenyang_editor: Any):
    row = step(shenyang_editor.actor, adopted.measure, SHENYANG, "correct", reason="登记错了地区")
    assert (row.state, row.adopted_on) == ("adapting", None)
    event = AuditEvent.objects.filter(action="reforms.adoption.corrected").latest("id")
    assert event.reason == "登记错了地区"


def test_the_charged_unit_reports_and_corrects_by_a_new_row(measure: Any, shenyang_editor: Any, unit: Any, member: Any):
    step(shenyang_editor.actor, measure, SHENYANG, "adapt", unit=unit.organisation, planned_on=days_ago(-5))
    row = adopt(shenyang_editor.actor, measure)
    figure = FigureDraft("审批时限", "工作日", Decimal("20"), Decimal("7.5"))
    draft = EffectDraft(today(), "审批提速", (figure,))
    first = effect_report(actor=unit.actor, adoption_id=row.pk, draft=draft)
    assert effect_report(actor=unit.actor, adoption_id=row.pk, draft=draft) == first
    better = EffectDraft(today(), "审批提速", (FigureDraft("审批时限", "工作日", Decimal("20"), Decimal("8")),))
    second = effect_correct(actor=unit.actor, report_id=first.pk, draft=better, reason="数据有误")
    assert second.corrects == first
    with pytest.raises(Conflict):
        effect_correct(actor=unit.actor, report_id=first.pk, draft=better, reason="再改")
    with pytest.raises(Forbidden):
        effect_report(actor=member.actor, adoption_id=row.pk, draft=draft)
    assert EffectReport.objects.count() == 2


def test_effects_are_refused_where_they_cannot_be(adopted: Adoption, shenyang_editor: Any):
    for draft in (
        EffectDraft(today(), " "),
        EffectDraft(days_ago(-1), "好"),
        EffectDraft(days_ago(60), "好"),
        EffectDraft(today(), "", (FigureDraft("", "个", Decimal(1)),)),
        EffectDraft(today(), "", (FigureDraft("企业数", "个"),)),
    ):
        with pytest.raises(Invalid):
            effect_report(actor=shenyang_editor.actor, adoption_id=adopted.pk, draft=draft)


def test_what_is_withdrawn_is_offered_no_longer_but_stays_with_its_followers(
    adopted: Adoption, beijing_editor: Any, dalian_editor: Any, shenyang_editor: Any
):
    measure_withdraw(actor=beijing_editor.actor, measure_id=adopted.measure_id, reason="上位法修改")
    with pytest.raises(Forbidden, match="已撤回"):
        step(dalian_editor.actor, adopted.measure, DALIAN, "follow")
    assert selectors.measure_visible(actor=shenyang_editor.actor, measure_id=adopted.measure_id).state == "withdrawn"


def test_a_successor_shares_the_lineage_however_long_the_chain(beijing_editor: Any, shenyang_editor: Any):
    actor = beijing_editor.actor
    chain = [publish(actor, title=f"承诺制{number}.0", document_number="") for number in (1, 2, 3)]
    measure_supersede(actor=actor, measure_id=chain[0].pk, successor_id=chain[1].pk)
    measure_supersede(actor=actor, measure_id=chain[1].pk, successor_id=chain[2].pk)
    for one in chain:
        one.refresh_from_db()
    assert len({one.lineage for one in chain}) == 1
    with pytest.raises(Invalid):
        measure_supersede(actor=actor, measure_id=chain[2].pk, successor_id=chain[2].pk)


def test_an_adaptation_comes_into_the_inbox_a_month_before_its_day(measure: Any, shenyang_editor: Any):
    row = step(shenyang_editor.actor, measure, SHENYANG, "adapt", planned_on=days_ago(-90))
    assert not waiting("reforms.due")
    Adoption.objects.filter(pk=row.pk).update(planned_on=days_ago(-10))
    due_tick()
    due_tick()
    assert len(waiting("reforms.due")) == 1


def test_the_office_of_the_origin_is_told_of_every_step(adopted: Adoption, beijing_editor: Any):
    (telling,) = stepped(adopted.pk, "adopt")
    assert beijing_editor.account.pk in telling.accounts


def test_files_of_an_adoption_are_brought_by_its_office_and_its_unit_only(adopted: Adoption, beijing_editor: Any):
    from duikou.records.services.evidence import evidence_add

    with pytest.raises(Forbidden):
        evidence_add(actor=beijing_editor.actor, subject=adopted, file=paper("另一份.txt", "别的"))
