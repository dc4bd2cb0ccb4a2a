"""A plan that exists already comes in: its Word file first, then its table of promises, with an error on the way."""

from __future__ import annotations

import csv
import re

import docx
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

HEAD = ["事项", "具体举措", "对应条款", "沈阳方责任单位", "北京方责任单位", "完成期限", "资金"]
GOOD = [
    "旅程：共建产业园",
    "建立机制",
    "3.4.2",
    "沈阳市发展改革委（牵头）",
    "北京市科委",
    "2031年底前",
    "中央资金300万元",
]
BROKEN = ["旅程：干部挂职", "", "9.9.9", "", "", "某天", ""]
MENDED = ["旅程：干部挂职", "", "4.3", "沈阳市委组织部", "", "2031年上半年", ""]
LINES = (
    "沈阳市与北京市对口合作2031年重点工作计划",
    "各有关单位：",
    "一、深化改革",
    "1.推进“放管服”改革。学习先进经验，2031年底前建成平台。（责任单位：北京市发展改革委（牵头）；沈阳市发展改革委）",
    "二、保障措施",
    "双方定期会商。",
    "2031年3月9日",
)


def _table(path, *rows):
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows([HEAD, *rows])
    return path


def _dry_run(page, path):
    """From the plan's page: upload the table, confirm the columns, wait for the fates of its rows."""
    page.get_by_role("link", name="从Excel导入事项表").click()
    page.locator("#id_file").set_input_files(path)
    page.get_by_role("button", name="上传并查看列对应").click()
    page.get_by_role("button", name="开始试运行").click()
    expect(page.get_by_text("逐行去向")).to_be_visible(timeout=30_000)


def test_a_plan_comes_in_from_word_and_its_table_after_a_mistake(visit, tmp_path):
    visitor = visit("shenyang", to="/papers/read/")
    page = visitor.page
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    document.paragraphs[0].alignment = 1
    document.save(tmp_path / "计划.docx")
    page.locator("#id_target").select_option(label="新建计划：沈阳市—北京市")
    page.locator("#id_file").set_input_files(tmp_path / "计划.docx")
    page.get_by_role("button", name="上传并查看").click()
    expect(page.get_by_text("读出2个章节、1个事项")).to_be_visible()
    expect(page.get_by_text("成文日期：“2031年3月9日”")).to_be_visible()
    expect(page.locator("#id_year")).to_have_value("2031")
    page.locator("#c-1").fill("3.1.1")
    page.get_by_role("button", name="确认并写入草案").click()
    expect(page.locator("h1")).to_contain_text("2031年重点工作计划")
    ours = page.url.removeprefix(visitor.address)

    _dry_run(page, _table(tmp_path / "事项表.csv", GOOD, BROKEN))
    page.get_by_role("link", name=re.compile("错误与提醒")).click()
    for column, content in (("对应条款", "9.9.9"), ("完成期限", "某天")):
        expect(page.locator("tbody tr").filter(has_text=column).filter(has_text=content)).to_have_count(1)
    page.get_by_role("button", name="取消").click()

    visitor.go(ours)
    _dry_run(page, _table(tmp_path / "事项表-已改.csv", GOOD, MENDED))
    page.get_by_role("button", name="写入", exact=True).click()
    page.get_by_role("link", name="查看导入的记录").click(timeout=30_000)
    for title in ("推进“放管服”改革", GOOD[0], MENDED[0]):
        expect(page.get_by_text(title).first).to_be_visible()

    phone = visit("beijing", to="/plans/", phone=True)
    phone.go("/papers/read/")
    assert phone.has_no_sideways_scroll()
    stranger = visit("dalian-lead", to="/plans/")
    stranger.go(ours, status=404)
