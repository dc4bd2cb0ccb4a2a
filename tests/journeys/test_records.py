"""A file of records with errors in it: read the errors, mend it, import it, find its rows behind the matrix."""

from __future__ import annotations

import csv
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

HEAD = ["项目名称", "东北方", "东部方", "结对", "任务条款", "计划投资(万元)", "年份", "状态", "来源", "备注"]
NAME = "沈阳北京旅程测试智能制造产业园"
GOOD = [NAME, "沈阳市", "北京市", "沈阳-北京", "3.2.2", "近3亿元", "2019", "已签约", "测试", ""]
BROKEN = ["沈阳北京旅程测试数据中心", "沈阳市", "北京市", "沈阳-北京", "9.9.9", "很多", "去年", "已签约", "测试", ""]
MENDED = ["沈阳北京旅程测试数据中心", "沈阳市", "北京市", "沈阳-北京", "三（二）2", "12000", "2020", "开工", "测试", ""]


def file_of(path, *rows):
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows([HEAD, *rows])
    return path


def bring(visitor, path):
    """Upload, confirm the columns, wait for the dry run."""
    visitor.go("/imports/")
    page = visitor.page
    page.locator("#id_file").set_input_files(path)
    page.get_by_role("button", name="上传并查看列对应").click()
    expect(page.locator("select[name^=c-]").first).to_be_visible()
    assert page.locator("select[name='c-0-0']").input_value() != ""
    page.get_by_role("button", name="开始试运行").click()
    expect(page.get_by_text("逐行去向")).to_be_visible(timeout=30_000)


def test_a_file_with_errors_is_mended_imported_and_found_behind_the_matrix(visit, tmp_path):
    visitor = visit("shenyang", to="/overview/")
    page = visitor.page
    cell = page.locator(".dk-matrix td a[href*='3.2.2'][href*='shenyang-beijing']")
    before = int(cell.locator("b").inner_text()) if cell.count() else 0

    bring(visitor, file_of(tmp_path / "合作记录.csv", GOOD, BROKEN))
    page.get_by_role("link", name=re.compile("错误与提醒")).click()
    findings = page.locator("tbody tr")
    for column, content in (("任务条款", "9.9.9"), ("计划投资", "很多"), ("年份", "去年")):
        row = findings.filter(has_text=column).filter(has_text=content)
        expect(row).to_have_count(1)
        expect(row.locator("td").nth(1)).to_have_text("3")
        expect(row.locator("td").nth(4)).not_to_be_empty()
    page.get_by_role("button", name="取消").click()

    bring(visitor, file_of(tmp_path / "合作记录-已改.csv", GOOD, MENDED))
    expect(page.get_by_role("link", name=re.compile("错误与提醒")).locator(".badge")).to_have_count(0)
    page.get_by_role("button", name="写入", exact=True).click()
    expect(page.get_by_role("link", name="查看导入的记录")).to_be_visible(timeout=30_000)

    visitor.go("/overview/")
    expect(cell.locator("b")).to_have_text(str(before + 2))
    cell.click()
    expect(page.get_by_role("link", name=NAME)).to_be_visible()
    expect(page.get_by_text(MENDED[0])).to_be_visible()
    page.get_by_role("link", name=NAME).click()
    expect(page.locator("h1")).to_contain_text(NAME)
    ours = page.url.removeprefix(visitor.address)

    visit("beijing", to="/overview/").go(ours)
    stranger = visit("dalian-lead", to="/overview/")
    stranger.go(ours, status=404)
    expect(stranger.page.locator("main")).not_to_contain_text(NAME)


def test_importing_the_same_file_again_doubles_nothing(visit, tmp_path):
    visitor = visit("shenyang", to="/overview/")
    row = ["沈阳北京旅程重复测试项目", *GOOD[1:]]
    for _ in range(2):
        bring(visitor, file_of(tmp_path / "重复.csv", row))
        button = visitor.page.get_by_role("button", name="写入", exact=True)
        if button.is_enabled():
            button.click()
            expect(visitor.page.get_by_text(re.compile("已于.*写入"))).to_be_visible(timeout=30_000)
    visitor.go("/projects/?q=沈阳北京旅程重复测试项目")
    expect(visitor.page.locator("table").get_by_role("link", name=row[0])).to_have_count(1)
