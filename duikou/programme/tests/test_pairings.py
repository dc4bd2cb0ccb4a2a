"""Pairings are found by name and by their sides."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from duikou.programme.models import Pairing, Region
from duikou.programme.selectors import (
    pairing_index,
    pairing_resolve,
    pairings_covered,
    pairings_of,
    programme_at,
    top_pairings_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(db):
    return programme_at("northeast-east-2017")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("哈尔滨-深圳", "harbin-shenzhen"),
        ("深圳市—哈尔滨市", "harbin-shenzhen"),
        ("黑龙江-广东", "heilongjiang-guangdong"),
        ("长春-天津", "changchun-tianjin"),
        ("长春与杭州", "changchun-hangzhou"),
        ("Shenyang – Beijing", "shenyang-beijing"),
        ("延边-宁波", "yanbian-ningbo"),
    ],
)
def test_a_written_pairing_is_found(programme, text, code):
    assert pairing_resolve(programme, text).pairing.code == code


def test_what_is_no_pairing_is_none(programme):
    assert pairing_resolve(programme, "全国").pairing is None
    assert pairing_resolve(programme, "沈阳-上海").pairing is None


def test_two_places_belong_to_the_nearest_pairing(programme):
    index = pairing_index(programme)
    place = {code: Region.objects.get(adcode=code) for code in ("230202", "440106", "440300", "230100", "320000")}
    assert index.of_sides(place["230202"], place["440106"]).pairing.code == "qiqihar-guangzhou"
    assert index.of_sides(place["440300"], place["230100"]).pairing.code == "harbin-shenzhen"
    assert index.of_sides(place["230202"], place["440300"]).pairing.code == "heilongjiang-guangdong"
    assert index.of_sides(place["230100"], place["320000"]).pairing is None


def test_the_matrix_has_seven_rows_of_two_sides(programme):
    assert top_pairings_of(programme).count() == 7


def test_a_region_covers_pairings_of_either_side(programme):
    codes = {pairing.code for pairing in pairings_covered(region_path="440000/")}
    assert {"heilongjiang-guangdong", "harbin-shenzhen", "qiqihar-guangzhou"} <= codes
    assert "shenyang-beijing" not in codes
    assert pairings_covered(region_path="").count() == Pairing.objects.count()


def test_the_root_of_an_inner_pairing_is_the_provincial_one(programme, django_assert_num_queries):
    pairings = list(pairings_of(programme))
    with django_assert_num_queries(0):
        roots = {pairing.code: pairing.root.code for pairing in pairings if pairing.level == "sub"}
    assert roots["yanbian-ningbo"] == "jilin-zhejiang"


def test_a_pairing_of_unknown_start_is_in_force(programme):
    assert pairings_of(programme, on=dt.date(2018, 1, 1)).filter(code="yanbian-ningbo").exists()
    assert not pairings_of(programme, on=dt.date(2016, 1, 1)).filter(code="harbin-shenzhen").exists()


def test_the_database_refuses_one_sided_and_backward_pairings(programme):
    good = Pairing.objects.get(programme=programme, code="harbin-shenzhen")
    wrong = (
        {"second_region": None},
        {"second_region": good.first_region},
        {"valid_from": dt.date(2020, 1, 2), "valid_to": dt.date(2020, 1, 1)},
    )
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Pairing.objects.filter(pk=good.pk).update(**values)
