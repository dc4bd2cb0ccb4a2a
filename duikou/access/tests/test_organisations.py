"""Entering organisations: credit codes, near-same names, who may and who sees."""

from __future__ import annotations

import pytest

from duikou.access import policies
from duikou.access.models import Organisation
from duikou.access.selectors.organisations import (
    organisations_alike,
    organisations_matching,
    organisations_visible,
    survivor,
)
from duikou.access.selectors.people import people_of
from duikou.access.services import organisation as service
from duikou.access.services.organisation import AlreadyThere, OrganisationDraft, PerhapsTheSame
from duikou.kernel.errors import Forbidden, Invalid, Stale
from duikou.records.models import AuditEvent

USCC = "91110000600037341L"


def draft(shenyang, **facts):
    return OrganisationDraft(
        **{"name": "沈阳新松机器人有限公司", "kind": "enterprise", "region_id": shenyang.pk, **facts}
    )


def test_an_office_enters_an_organisation_and_the_trail_knows(shenyang_editor, shenyang):
    made = service.organisation_create(actor=shenyang_editor.actor, draft=draft(shenyang, uscc=USCC.lower()))
    assert made.uscc == USCC
    assert (made.initials, made.pinyin.startswith("shenyangxinsong")) == ("syxsjqryxgs", True)
    event = AuditEvent.objects.filter(action="access.organisation.created").latest("id")
    assert event.actor_name == str(shenyang_editor.account)


def test_the_same_credit_code_leads_to_the_organisation_that_is_there(shenyang_editor, shenyang, firm):
    known = firm(uscc=USCC)
    with pytest.raises(AlreadyThere) as refused:
        service.organisation_create(actor=shenyang_editor.actor, draft=draft(shenyang, uscc=USCC))
    assert refused.value.data["organisation_id"] == known.pk


@pytest.mark.parametrize(
    "name",
    [
        "沈阳铁西重工有限公司",
        "沈阳铁西重工股份有限公司",
        "沈阳铁西重工（集团）有限公司",
        "沈阳 铁西重工有限公司",
        "沈阳铁西重工有限责任公司",
    ],
)
def test_a_near_same_name_is_shown_for_a_decision(shenyang_editor, shenyang, firm, name):
    known = firm("沈阳铁西重工有限公司")
    with pytest.raises(PerhapsTheSame) as asked:
        service.organisation_create(actor=shenyang_editor.actor, draft=draft(shenyang, name=name))
    assert [like.organisation for like in asked.value.data["likenesses"]] == [known]
    made = service.organisation_create(
        actor=shenyang_editor.actor, draft=draft(shenyang, name=name), are_different=True
    )
    assert made.pk != known.pk


def test_a_name_unlike_any_other_asks_nothing(shenyang, firm, shenyang_lead):
    firm("沈阳铁西重工有限公司")
    assert organisations_alike(actor=shenyang_lead.actor, name="沈阳浑南生物医药有限公司", region=shenyang) == []


def test_neither_likeness_nor_credit_code_names_what_one_may_not_know(dalian_lead, shenyang, firm):
    firm("沈阳隐名制造有限公司", uscc=USCC)
    with pytest.raises(AlreadyThere) as refused:
        service.organisation_create(actor=dalian_lead.actor, draft=draft(shenyang, uscc=USCC))
    assert "隐名" not in refused.value.message
    assert "organisation_id" not in refused.value.data
    assert organisations_alike(actor=dalian_lead.actor, name="沈阳隐名制造有限公司", region=shenyang) == []


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "厂" * 121}, "name"),
        ({"kind": "circus"}, "kind"),
        ({"region_id": 0}, "region"),
        ({"uscc": "123"}, "uscc"),
        ({"uscc": "91110000600037341X"}, "uscc"),
        ({"website": "javascript:alert(1)"}, "website"),
    ],
)
def test_bad_input_is_refused_at_its_field(shenyang_editor, shenyang, facts, field):
    with pytest.raises(Invalid) as refused:
        service.organisation_create(actor=shenyang_editor.actor, draft=draft(shenyang, **facts))
    assert field in refused.value.fields


def test_an_enterprise_cannot_enter_organisations(member, shenyang):
    with pytest.raises(Forbidden):
        service.organisation_create(actor=member.actor, draft=draft(shenyang))


def test_an_office_elsewhere_cannot_change_it(dalian_lead, shenyang, firm):
    with pytest.raises(Forbidden):
        service.organisation_edit(actor=dalian_lead.actor, organisation_id=firm().pk, draft=draft(shenyang), version=1)


def test_a_stale_save_is_refused(shenyang_editor, shenyang, firm):
    known = firm()
    service.organisation_edit(
        actor=shenyang_editor.actor, organisation_id=known.pk, draft=draft(shenyang), version=1, are_different=True
    )
    with pytest.raises(Stale):
        service.organisation_edit(
            actor=shenyang_editor.actor,
            organisation_id=known.pk,
            draft=draft(shenyang, address="浑南区"),
            version=1,
            are_different=True,
        )


def test_a_credit_code_entered_by_another_writer_meanwhile_is_refused_not_broken(
    shenyang_lead, shenyang, firm, monkeypatch
):
    known = firm("沈阳另一家有限公司", uscc=USCC)
    seen = iter([None, known])
    real = service.organisations.organisation_with_uscc
    monkeypatch.setattr(service.organisations, "organisation_with_uscc", lambda *a, **k: next(seen) and real(*a, **k))
    with pytest.raises(AlreadyThere):
        service.organisation_create(actor=shenyang_lead.actor, draft=draft(shenyang, uscc=USCC))


def test_changing_the_name_takes_back_the_check_unless_a_lead_does_it(shenyang_editor, shenyang, firm):
    known = firm(is_verified=True)
    changed = service.organisation_edit(
        actor=shenyang_editor.actor, organisation_id=known.pk, draft=draft(shenyang), version=1
    )
    assert not changed.is_verified


@pytest.mark.parametrize("typed", ["重工", "沈阳铁西", "shenyangtiexi", "sytx", "SYTX", "９１１１", " 铁西 "])
def test_an_organisation_is_found_by_chinese_pinyin_initials_and_code(firm, typed):
    known = firm(uscc=USCC)
    assert list(organisations_matching(Organisation.objects.all(), typed)) == [known]


@pytest.mark.parametrize("typed", ["%", "_", "\x00", "'; drop", "🙂", "厂" * 500])
def test_odd_searches_find_nothing_and_break_nothing(firm, typed):
    firm()
    assert not organisations_matching(Organisation.objects.filter(region__adcode="210100"), typed).filter(kind="park")


def test_what_one_may_not_know_no_list_and_no_search_reveals(firm, member, dalian_lead, shenyang_lead, anonymous):
    hidden = firm("沈阳隐名制造有限公司")
    for stranger in (member, dalian_lead, anonymous):
        rows = organisations_visible(actor=stranger.actor)
        assert hidden not in rows
        assert not organisations_matching(rows, "隐名").exists()
    assert hidden in organisations_visible(actor=shenyang_lead.actor)


def test_the_public_sees_published_names_only(firm, anonymous):
    firm("沈阳未公开有限公司")
    assert all(found.is_published for found in organisations_visible(actor=anonymous.actor))


def test_a_chain_of_merges_leads_to_the_one_that_stands(firm):
    last = firm("甲")
    middle = firm("乙", merged_into=last)
    assert survivor(firm("丙", merged_into=middle)) == last


def test_the_history_of_an_organisation_reads_in_words(firm, coordinator):
    from duikou.access.selectors.organisations import history_of
    from duikou.records.services.audit import record

    body = firm("甲公司")
    record(actor=coordinator.actor, action="access.organisation.created", subject=body, after={"kind": "enterprise"})
    entry = history_of(actor=coordinator.actor, organisation=body)[0]
    assert (entry.what, entry.changes) == ("新增主体", [("类别", None, "企业")])


@pytest.mark.parametrize("name", ["🙂🙂", "——", "\u200b\u200e", "\u202e", "（）", "\x00"])
def test_a_name_without_a_word_in_it_is_refused_at_its_field(shenyang_editor, shenyang, name):
    with pytest.raises(Invalid) as refused:
        service.organisation_create(actor=shenyang_editor.actor, draft=draft(shenyang, name=name))
    assert set(refused.value.fields) == {"name"}


def test_what_nobody_sees_in_a_name_is_taken_out(shenyang_editor, shenyang):
    odd = "\u202e沈阳\u200b极光\x00镜\u2066业\u2069\r\n  有限公司\u00ad🙂"
    made = service.organisation_create(actor=shenyang_editor.actor, draft=draft(shenyang, name=odd))
    assert made.name == "沈阳极光镜业 有限公司🙂"


@pytest.mark.parametrize("typed", ["、、", "。", "()", "——", "🙂", "%", "_", "!!!"])
def test_marks_alone_match_no_more_than_names_that_hold_them(coordinator, firm, typed):
    firm()
    assert not organisations_matching(organisations_visible(actor=coordinator.actor), typed).exists()


def test_an_office_does_not_look_after_the_nation_wide_bodies_of_its_place(beijing_lead, coordinator, cadre_authority):
    """北京市对口办管不了设在北京的中央单位。"""
    for body in (coordinator.organisation, cadre_authority.organisation):
        actor = beijing_lead.actor
        assert body.region.path.startswith(actor.region_path)
        assert not policies.organisation_edit(actor, body)
        assert not policies.organisation_verify(actor, body)
        assert not policies.roles_grantable(actor, body)
        assert not policies.people_read(actor, body)
        assert not policies.contact_read(actor, body)
        assert not people_of(actor=actor, organisation=body).exists()
