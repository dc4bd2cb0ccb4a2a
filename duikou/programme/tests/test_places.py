"""Finding places: today's, yesterday's, by any name."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from duikou.kernel.actor import Actor
from duikou.programme.models import Region, RegionChange, RegionRelease
from duikou.programme.rules.places import english_name, romanised, short_name
from duikou.programme.selectors import region_index, region_resolve, region_search
from duikou.programme.services import places
from duikou.programme.services.pack_load import programme_load
from duikou.programme.services.places import gazetteer

pytestmark = pytest.mark.django_db

PLACES = gazetteer().places
TODAY = sorted(code for code, place in PLACES.items() if place.valid_to is None)
PAST = sorted(code for code, place in PLACES.items() if place.valid_to is not None)


@pytest.fixture
def index(db):
    return region_index()


@given(st.sampled_from(TODAY))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_place_resolves_to_itself_by_code_and_by_its_whole_name(index, code):
    place = PLACES[code]
    assert index.resolve(code).region.adcode == code
    above = []
    parent = place.parent
    while parent:
        above.insert(0, PLACES[parent].name)
        parent = PLACES[parent].parent
    assert index.resolve("".join([*above, place.name])).region.adcode == code


@given(st.sampled_from(PAST))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_code_of_the_past_leads_to_places_of_today_in_its_province(index, code):
    found = index.resolve(code)
    assert found.candidates
    followed = RegionChange.objects.filter(old_adcode=code).exists()
    for region in found.candidates:
        assert region.adcode[:2] == code[:2]
        assert not (followed and region.is_historic)


@given(st.text(max_size=30))
@hypothesis_settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_answered_without_an_error(index, text):
    found = index.resolve(text)
    assert found.region is None or found.region in found.candidates


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("大连", "210200"),
        ("大连市", "210200"),
        ("延边州", "222400"),
        ("吉林", "220000"),
        ("吉林市", "220200"),
        ("内蒙古", "150000"),
        ("襄樊市", "420600"),
        ("思茅地区", "530800"),
        ("崇文区", "110101"),
        ("220381", "220184"),
        ("公主岭", "220184"),
        ("九台市", "220113"),
        ("莱芜市", "370100"),
        ("371202", "370116"),
        ("辽中县", "210115"),
        ("下城区", "330105"),
        ("110100", "110000"),
        ("２１０２００", "210200"),
        ("黑龙江省 哈尔滨市", "230100"),
        ("哈尔滨道里区", "230102"),
        ("Dalian", "210200"),
        ("伊春区", "230717"),
    ],
)
def test_names_short_names_and_names_of_the_past_are_understood(text, adcode):
    found = region_resolve(text)
    assert found.region is not None, found
    assert found.region.adcode == adcode
    assert region_index().resolve(text).region == found.region


@pytest.mark.parametrize("text", ["巢湖地级市", "城区", "郊区", "东北三省四市", "", "   ", "全国", "999999", "九里区"])
def test_what_is_unclear_is_not_guessed(text):
    assert region_resolve(text).region is None


def test_a_code_that_was_split_gives_all_its_successors():
    found = region_resolve("341400")
    assert found.region is None
    assert {region.short_name for region in found.candidates} == {"合肥", "芜湖", "马鞍山"}
    assert found.is_ambiguous


def test_the_hint_decides_between_places_of_one_name():
    changchun = Region.objects.get(adcode="220100")
    assert region_resolve("朝阳区", changchun).region.adcode == "220104"


def test_covering_follows_the_tree():
    liaoning, shenyang, beijing = (Region.objects.get(adcode=code) for code in ("210000", "210100", "110000"))
    assert liaoning.covers(shenyang)
    assert liaoning.covers(liaoning)
    assert not shenyang.covers(liaoning)
    assert not beijing.covers(shenyang)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("szs", "深圳市"),
        ("shenzhen", "深圳市"),
        ("深", "深圳市"),
        ("4403", "深圳市"),
        ("dl", "大连市"),
        ("襄樊", "襄阳市"),
    ],
)
def test_the_type_ahead_finds_by_chinese_pinyin_initials_and_code(query, first, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = region_search(query)
    assert found[0].name == first


@pytest.mark.parametrize("query", ["%", "_", "'", "\\", "\x00", "🙂", "a" * 500])
def test_the_type_ahead_survives_anything(client, query):
    assert client.get("/programmes/lookups/regions/", {"q": query}).status_code == 200


def test_the_type_ahead_answers_what_the_select_expects(client):
    rows = json.loads(client.get("/programmes/lookups/regions/", {"q": "szs", "by": "adcode"}).content)
    assert rows[0]["value"] == "440300"
    assert rows[0]["label"] == "深圳市"
    assert "广东省" in rows[0]["hint"]


def test_resolving_one_text_takes_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        region_resolve("黑龙江省哈尔滨市道里区")


@pytest.mark.parametrize(
    ("name", "level", "english"),
    [
        ("深圳市", "prefecture", "Shenzhen"),
        ("浑南区", "county", "Hunnan District"),
        ("长白朝鲜族自治县", "county", "Changbai Korean Autonomous County"),
        ("九台市", "county", "Jiutai City"),
        ("兴安盟", "prefecture", "Xing'an League"),
        ("沙县", "county", "Shaxian County"),
    ],
)
def test_english_names_follow_the_rule(name, level, english):
    assert english_name(name, level, {"长": "chang"}) == english


def test_known_english_names_are_the_usual_ones():
    usual = {
        "230100": "Harbin",
        "150000": "Inner Mongolia",
        "540000": "Tibet",
        "610000": "Shaanxi",
        "140000": "Shanxi",
        "222400": "Yanbian Korean Autonomous Prefecture",
        "232700": "Daxing'anling Prefecture",
    }
    assert {code: PLACES[code].name_en for code in usual} == usual


def test_every_place_has_all_its_names():
    for place in PLACES.values():
        assert place.short_name
        assert place.pinyin.isascii()
        assert place.initials.isascii()
        assert place.name_en.isascii()
        assert place.path.endswith(f"{place.adcode}/")


def test_small_rules_of_names():
    assert short_name("延边朝鲜族自治州") == "延边"
    assert short_name("沙县") == "沙县"
    assert romanised(["xi", "an"]) == "Xi'an"


def test_a_place_knows_where_it_lies_without_reading_geometry():
    centre = Region.objects.get(adcode="210200").centre
    assert centre == pytest.approx((122.0, 39.6), abs=0.8)


@pytest.fixture
def edition_before(monkeypatch):
    """The list of places as an installation before this release has it loaded."""
    monkeypatch.setattr(places, "EDITION", places.EDITION - 1)
    gazetteer.cache_clear()
    yield gazetteer().digest
    gazetteer.cache_clear()


def test_rows_loaded_before_places_had_centres_get_theirs_with_the_next_load(edition_before, monkeypatch, settings):
    Region.objects.update(longitude=None, latitude=None)
    RegionRelease.objects.update(digest=edition_before)
    monkeypatch.undo()
    gazetteer.cache_clear()
    programme_load(actor=Actor.command("tests"), folder=settings.PACKS / "northeast-east-2017")
    centre = Region.objects.get(adcode="210200").centre
    assert centre == pytest.approx((122.0, 39.6), abs=0.8)
    assert RegionRelease.objects.get().digest == gazetteer().digest != edition_before
