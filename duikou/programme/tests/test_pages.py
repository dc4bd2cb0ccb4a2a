"""The pages: public, permanent, with constant queries."""

from __future__ import annotations

import pytest
from django.utils import translation

from duikou.kernel import slots
from duikou.programme.services.pack_load import programme_load

pytestmark = pytest.mark.django_db
HOME = "/programmes/northeast-east-2017/"


def test_the_text_is_read_by_anybody(client, query_counts):
    with query_counts("programme.read"):
        page = client.get(HOME)
    content = page.content.decode()
    assert page.status_code == 200
    assert 'id="c-3.2.2"' in content
    assert "辽宁省与江苏省，吉林省与浙江省，黑龙江省与广东省。" in content


@pytest.mark.parametrize("code", ["0.1", "1", "2.3", "3.2.2", "4.6"])
def test_a_clause_has_a_permanent_address(client, code):
    assert client.get(f"{HOME}clauses/{code}/").status_code == 200


def test_what_hangs_from_a_clause_is_shown(client, query_counts):
    with query_counts("programme.clause"):
        content = client.get(f"{HOME}clauses/4.2/").content.decode()
    for words in ("年度工作计划", "国家发展改革委", "年度计划事项完成率"):
        assert words in content


def test_a_clause_written_otherwise_leads_to_its_address(client):
    answer = client.get(f"{HOME}clauses/三（二）2/")
    assert answer.status_code == 302
    assert answer["Location"] == f"{HOME}clauses/3.2.2/"


@pytest.mark.parametrize(
    "path", ["clauses/9.9/", "clauses/nothing/", "clauses/%00/", "clauses/%F0%9F%99%82/", "pairings/nothing/"]
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(HOME + path).status_code == 404
    assert client.get(f"/programmes/nothing/{path}").status_code == 404


def test_an_upper_room_hangs_its_panel_into_the_clause(client, monkeypatch, tmp_path, settings):
    (tmp_path / "hung.html").write_text("<p>{{ words }}</p>")
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    monkeypatch.setattr(slots, "_slots", type(slots._slots)(list))
    slots.register(
        "programme.clause", slots.Panel("test", "hung.html", lambda actor, clause: {"words": f"挂在{clause.code}"})
    )
    settings.TEMPLATES = templates
    assert "挂在3.2.2" in client.get(f"{HOME}clauses/3.2.2/").content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("飞地经济", "<mark"),
        ("三(四)2", "您找的是条款"),
        ("不存在的字句", "没有这些字"),
        ("<script>", "没有这些字"),
        ("", "查找"),
    ],
)
def test_searching_the_text(client, query, words):
    page = client.get(f"{HOME}search/", {"q": query})
    assert page.status_code == 200
    assert words in page.content.decode()


def test_searching_takes_the_same_queries_whatever_is_found(client, query_counts):
    for query in ("合作", "飞地经济"):
        with query_counts("programme.search"):
            client.get(f"{HOME}search/", {"q": query})


def test_pairings_are_listed_with_those_inside_them(client, query_counts):
    with query_counts("programme.pairings"):
        content = client.get(f"{HOME}pairings/").content.decode()
    for words in ("哈尔滨市—深圳市", "齐齐哈尔市—广州市", "起始日期不详", "未见官方发布日期", "东部省市（方案未指定）"):
        assert words in content


@pytest.mark.parametrize("code", ["harbin-shenzhen", "neimenggu-east", "yanbian-ningbo", "heilongjiang-guangdong"])
def test_a_pairing_has_a_page(client, code):
    assert client.get(f"{HOME}pairings/{code}/").status_code == 200


def test_targets_duties_and_kinds_are_on_one_page(client, query_counts):
    with query_counts("programme.contents"):
        content = client.get(f"{HOME}contents/").content.decode()
    for words in ("标志性跨区域合作项目", "不是官方期限", "共建合作园区", "次年2月底前"):
        assert words in content


def test_two_editions_are_laid_side_by_side(client, draft, loader):
    pack = draft()
    programme_load(actor=loader, folder=pack.folder)
    assert "还没有可对照的内容" in client.get("/programmes/east-west-2021/compare/").content.decode()
    pack.change("pack.yaml", 'version: "1.1"', 'version: "2"')
    pack.change("clauses.yaml", "共建产业园区", "共建现代产业园区")
    programme_load(actor=loader, folder=pack.folder)
    content = client.get("/programmes/east-west-2021/compare/").content.decode()
    assert "<ins>现代</ins>" in content
    assert "劳务协作" not in content
    assert "劳务协作" in client.get("/programmes/east-west-2021/compare/?old=1&new=2&all=1").content.decode()
    assert client.get("/programmes/east-west-2021/compare/?old=9&new=x").status_code == 200


def test_an_example_says_that_it_is_one(client, draft, loader):
    programme_load(actor=loader, folder=draft().folder)
    assert "不是官方文本" in client.get("/programmes/east-west-2021/").content.decode()
    listing = client.get("/programmes/").content.decode()
    assert "示例数据包" in listing
    assert listing.index("northeast-east-2017") < listing.index("east-west-2021")


def test_an_english_reader_sees_english_data(client):
    with translation.override("en"):
        content = client.get(f"{HOME}pairings/", headers={"accept-language": "en"}).content.decode()
    assert "Harbin – Shenzhen" in content
    assert "Northeastern side" in content


def test_industries_are_found(client):
    rows = client.get("/programmes/lookups/industries/", {"q": "机器人"}).json()
    assert rows
    assert client.get("/programmes/lookups/industries/", {"q": "C"}).json()[0]["label"].startswith("C ")
