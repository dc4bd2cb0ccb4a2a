"""Every component is drawn as a page would draw it, and keeps the rules of the house."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from duikou.kernel import clock, geo
from duikou.kernel.actor import Actor
from duikou.kernel.money import Bound, BoundedMoney, Money
from duikou.kernel.verdict import Verdict

KERNEL = Path(__file__).resolve().parent.parent


def draw(source: str, query: str = "", **values: object) -> str:
    """The markup of a template with a request for `/list/?query`."""
    request = RequestFactory().get(f"/list/?{query}")
    return Template(source).render(Context({"request": request, "csrf_token": "token", **values}))


class Filter(forms.Form):
    q = forms.CharField(label="关键词", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), ("signed", "已签约")])
    year = forms.IntegerField(label="年份", required=False)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Money("113680000000"), "1,136.80"),
        (Money("123456.78"), "12.35"),
        (Money("99.5"), "99.50"),
        (Money("0"), "0.00"),
        (Money("-250000000"), "-2.50"),
    ],
)
def test_money_is_shown_in_the_unit_that_fits(amount: Money, shown: str) -> None:
    assert shown in draw("{% money amount %}", amount=amount)


def test_money_keeps_the_whole_figure_as_title_and_its_bound_in_front() -> None:
    shown = draw("{% money amount %}", amount=BoundedMoney(Money("300000000000"), Bound.ABOUT))
    assert 'title="约 300,000,000,000.00 元"' in shown
    assert "约</span>3,000.00" in shown


def test_an_unknown_amount_is_a_dash_and_never_zero() -> None:
    assert "—" in draw("{% money amount %}{{ amount|money }}{{ amount|thousands }}{{ amount|percent }}", amount=None)
    assert "0" not in re.sub(r"<[^>]*>", "", draw("{% money amount %}", amount=None))


def test_a_refused_step_says_why_and_cannot_be_pressed() -> None:
    shown = draw('{% verdict_button "终止" "/x" verdict %}', verdict=Verdict.no("只有牵头方可以终止。"))
    assert "只有牵头方可以终止。" in shown
    assert 'aria-disabled="true"' in shown
    assert "<form" not in shown
    assert "/x" not in shown


def test_an_allowed_step_is_a_form_with_a_token() -> None:
    shown = draw('{% verdict_button "投产" "/x" verdict confirm="确定？" %}', verdict=Verdict.yes())
    assert 'method="post"' in shown
    assert "csrfmiddlewaretoken" in shown
    assert 'data-confirm="确定？"' in shown


def test_text_from_people_is_escaped_everywhere() -> None:
    bad = '<script>alert("x")</script>'
    shown = draw(
        "{% state_badge bad %}{% fact bad bad %}{% facts pairs %}{% timeline entries %}{% empty_state bad %}"
        "{% note bad %}{% masked bad %}{% figure bad bad %}"
        '{% verdict_button bad "/x" %}{% panel bad %}{{ bad }}{% endpanel %}'
        "{% chart 'trend' data %}",
        bad=bad,
        pairs=[(bad, bad)],
        entries=[{"at": clock.now(), "what": bad, "who": bad, "reason": bad, "changes": [(bad, bad, bad)]}],
        data={"x": bad},
    )
    assert bad not in shown
    assert "<script>" not in shown


def test_filters_in_force_are_chips_that_take_themselves_away() -> None:
    form = Filter({"q": "机床", "state": "signed"})
    shown = draw("{% filter_bar form main='q' %}", "q=机床&state=signed&sort=-name&cursor=abc", form=form)
    assert "状态：已签约" in shown
    assert 'name="sort" value="-name"' in shown
    assert 'value="abc"' not in shown
    chip = re.search(r'<a class="dk-chip"[^>]*href="([^"]*)"', shown)
    assert chip is not None
    assert "q=" not in chip[1]
    assert "state=signed" in chip[1]


def test_a_column_sorts_and_then_sorts_the_other_way() -> None:
    assert "sort=name" in draw("{% sort_header '名称' 'name' %}")
    again = draw("{% sort_header '名称' 'name' %}", "sort=name&cursor=abc")
    assert "sort=-name" in again
    assert 'aria-sort="ascending"' in again
    assert "cursor" not in again


def test_pages_keep_the_filters() -> None:
    shown = draw("{% pager page %}", "q=x", page={"previous": None, "next": "k9", "total": 12345})
    assert "q=x&amp;cursor=k9" in shown
    assert "12,345" in shown
    assert "上一页" not in shown
    numbered = draw("{% pagination page %}", "q=x", page=Paginator(range(500), 10).page(7))
    assert 'aria-current="page"' in numbered
    assert "q=x&amp;page=8" in numbered


def test_columns_can_be_chosen_without_losing_the_filter() -> None:
    columns = [{"name": "name", "label": "名称", "chosen": True}, {"name": "code", "label": "代码", "chosen": False}]
    shown = draw("{% column_chooser columns %}", "q=x&columns=name", columns=columns)
    assert shown.count("checked") == 1
    assert 'name="q" value="x"' in shown


def test_dates_are_in_shanghai() -> None:
    moment = dt.datetime(2026, 3, 1, 17, 30, tzinfo=dt.UTC)
    assert "2026-03-02 01:30" in draw("{{ at|moment }}", at=moment)
    assert "2026-03-02" in draw("{{ at|day }}", at=moment)
    assert "—" in draw("{{ at|moment }}{{ at|day }}{{ at|ago }}{{ at|due }}", at=None)
    assert "3天前" in draw("{{ at|ago }}", at=clock.today() - dt.timedelta(days=3))
    assert "dk-overdue" in draw("{{ at|due }}", at=clock.today() - dt.timedelta(days=1))


def test_progress_is_bounded_and_the_text_is_not() -> None:
    shown = draw("{% progress value 100 %}", value=Decimal("120"))
    assert 'value="1.0000"' in shown
    assert "120.0%" in shown
    assert "<progress" not in draw("{% progress value 100 %}", value=None)


def test_the_matrix_links_each_cell_to_its_list() -> None:
    table = {
        "columns": [{"code": "3.1.1", "title": "行政管理"}, {"code": "3.1.2", "title": "国企改革"}],
        "rows": [
            {
                "name": "沈阳–北京",
                "url": "/p/1",
                "cells": [{"count": 4, "url": "/l?a=1", "planned": 1, "moving": 2, "done": 1, "blocked": 0}, None],
            }
        ],
    }
    shown = draw("{% matrix table %}", table=table)
    assert 'href="/l?a=1"' in shown
    assert 'width="50.00"' in shown
    assert "dk-fill-blocked" not in shown.split("</table>")[0]


def test_data_of_a_chart_cannot_break_out_of_its_script() -> None:
    shown = draw("{% chart 'trend' data %}{% chart_script %}", data={"name": "</script><script>alert(1)</script>"})
    assert "alert(1)</script>" not in shown
    assert 'data-chart="trend"' in shown


def test_the_map_says_whether_it_has_a_review_number() -> None:
    assert "审图号：未设置" in draw("{% chart 'pairing-map' data shape='map' %}", data={})
    frame = type("Frame", (), {"map_review_number": "GS(2026)1号"})()
    assert "审图号：GS(2026)1号" in draw("{% chart 'pairing-map' data shape='map' %}", data={}, shell=frame)


def test_tabs_files_and_lists_of_nothing() -> None:
    class Upload(forms.Form):
        file = forms.FileField(label="文件")

    assert "data-drop" in draw("{% file_drop form.file %}", form=Upload())
    assert 'aria-current="page"' in draw("{% tabs items %}", items=[{"label": "一", "url": "/", "active": True}])
    assert "导入" in draw("{% empty_state '还没有。' action='导入' url='/x' %}")
    assert "导入" not in draw("{% empty_state '还没有。' action='导入' url='/x' verdict=no %}", no=Verdict.no("不行"))


def test_the_error_page_is_drawn_for_a_stranger_and_in_english(rf: RequestFactory) -> None:
    from duikou.kernel.errors import NotFound
    from duikou.kernel.web.errors import answer

    request = rf.get("/nowhere/")
    request.actor = Actor.anonymous()
    request.id = "abc123"
    request.session = {}
    for language in ("zh-hans", "en"):
        with override(language):
            page = answer(request, NotFound()).content.decode()
        assert "abc123" in page
        assert "404" in page


def test_no_template_carries_inline_style_or_handlers() -> None:
    """The content security policy refuses them, so a page that has one is broken."""
    offence = re.compile(r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style|<script(?![^>]*\bsrc=)""", re.IGNORECASE)
    for path in KERNEL.parent.rglob("templates/**/*.html"):
        found = offence.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path.relative_to(KERNEL.parent)}: {found and found[0]!r}"


def test_places_lie_where_they_are() -> None:
    assert geo.centre_of("210100") == pytest.approx((123.1, 42.1), abs=0.5)
    assert geo.centre_of("110000") == pytest.approx((116.4, 40.2), abs=0.3)
    assert geo.centre_of(440300) == pytest.approx((114.1, 22.65), abs=0.3)
    assert geo.centre_of("710000") is not None
    for nonsense in ("", "abc", "999999", "12"):
        assert geo.centre_of(nonsense) is None
