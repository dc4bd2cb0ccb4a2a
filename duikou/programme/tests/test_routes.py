"""Routes come from packs as they stand there; a second loading changes nothing."""

from __future__ import annotations

import itertools

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.programme import selectors
from duikou.programme.models import Route
from duikou.programme.services.pack_check import pack_check
from duikou.programme.services.pack_diff import programme_diff
from duikou.programme.services.pack_export import programme_export
from duikou.programme.services.pack_load import programme_load
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db

NUMBERS = itertools.count()
ROLES = {"first": ["office_editor", "office_lead", "unit"], "nation": ["coordinator", "ministry"]}
ROLES["second"] = ROLES["first"]


@st.composite
def definitions(draw):
    """Any sound route of up to three stages of up to three steps."""
    stages = []
    for at in range(draw(st.integers(1, 3))):
        steps = []
        for number in range(draw(st.integers(1, 3))):
            party = draw(st.sampled_from(sorted(ROLES)))
            days = draw(st.integers(0, 365))
            earlier = [step["code"] for stage in stages for step in stage["steps"]]
            steps.append(
                {
                    "code": f"s{at}_{number}",
                    "title": draw(st.text("环节甲乙", min_size=1, max_size=8)),
                    "title_en": "Step",
                    "party": party,
                    "role": draw(st.sampled_from(ROLES[party])),
                    "act": draw(st.sampled_from(["sign", "confirm", "receive", "record", "issue"])),
                    "working_days": days,
                    "remind_before": draw(st.integers(0, max(0, days - 1))),
                    "optional": number > 0 and draw(st.booleans()),
                    "distinct_from": draw(st.lists(st.sampled_from(["author", *earlier]), max_size=2, unique=True)),
                }
            )
        stages.append({"code": f"stage{at}", "title": "阶段", "title_en": "Stage", "steps": steps})
    return {"stages": stages, "withdrawable": draw(st.booleans()), "return_to": ["author"]}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(definition=definitions())
def test_a_sound_route_loads_once_and_loading_again_changes_nothing(draft, loader, tmp_path, definition):
    pack = draft_once(draft, tmp_path)
    code = f"p{next(NUMBERS)}"
    head = pack.folder / "pack.yaml"
    lines = head.read_text(encoding="utf-8").splitlines()
    head.write_text(
        "\n".join(f"code: {code}" if line.startswith("code:") else line for line in lines), encoding="utf-8"
    )
    row = {"code": "way", "title": "流程", "title_en": "Route", "clause": "3.1", **definition}
    (pack.folder / "routes.yaml").write_text(yaml.safe_dump({"routes": [row]}, allow_unicode=True), encoding="utf-8")
    assert pack_check(pack.folder).problems == []
    programme, first = programme_load(actor=loader, folder=pack.folder)
    kept, events = list(Route.objects.values()), AuditEvent.objects.count()
    _programme, again = programme_load(actor=loader, folder=pack.folder)
    assert (first, again) == (True, False)
    assert (list(Route.objects.values()), AuditEvent.objects.count()) == (kept, events)
    route = selectors.route_at(programme, "way")
    assert [stage["code"] for stage in route.definition["stages"]] == [stage["code"] for stage in definition["stages"]]
    assert programme_diff(pack_check(pack.folder)) == []


def draft_once(draft, tmp_path):
    """The same copy for every example of one test."""
    if not (tmp_path / "east-west-2021").exists():
        draft_once.pack = draft()
    return draft_once.pack


def test_an_amended_route_is_shown_loaded_and_exported_and_a_missing_one_retired(draft, loader):
    pack = draft()
    programme, _ = programme_load(actor=loader, folder=pack.folder)
    pack.change("pack.yaml", 'version: "1.1"', 'version: "2"')
    pack.change("routes.yaml", "working_days: 5", "working_days: 7")
    text = (pack.folder / "routes.yaml").read_text(encoding="utf-8")
    (pack.folder / "routes.yaml").write_text(text[: text.index("  - code: minutes")], encoding="utf-8")
    lines = programme_diff(pack_check(pack.folder))
    assert any(line.startswith("~ routes plan_filing stages") for line in lines)
    assert "- routes minutes" in lines
    programme, _ = programme_load(actor=loader, folder=pack.folder)
    assert [route.code for route in selectors.routes_of(programme)] == ["plan_filing"]
    exported = programme_export(programme)["routes"]
    assert exported[0]["stages"][0]["steps"][0]["working_days"] == 7
    assert Route.objects.get(programme=programme, code="minutes").retired_in.version == "2"
