"""A pairing from an empty phase plan to a filed and issued annual plan with papers, by five offices and more people.

With a return that has a reason, two who write the same promise at once, and an amendment; the papers are opened.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

import docx
import pypdf
import pytest
from playwright.sync_api import Locator, Page, expect

from duikou.kernel.clock import today

pytestmark = pytest.mark.journey

PHASE = "沈阳市与北京市对口合作实施方案（旅程）"
ANNUAL = "2018年京沈对口合作工作计划（旅程）"
PROMISE, SECOND = "共建京沈产业园区", "科技成果转化对接"
NUMBER, LATER = "发改振兴〔2018〕321号", "发改振兴〔2018〕322号"
REASON = "请补充北京方牵头单位"
WRITTEN_BY_SHENYANG, WRITTEN_BY_BEIJING = "沈阳写下：建设核心区一万亩。", "北京写下：引进企业三十家。"


@dataclass
class Cast:
    """Everybody's window, opened when first asked for."""

    visit: object
    opened: dict

    def __getitem__(self, name: str):
        if name not in self.opened:
            self.opened[name] = self.visit(name, to="/inbox/")
        return self.opened[name]


@pytest.fixture
def cast(visit) -> Cast:
    return Cast(visit, {})


def _open(visitor, title: str) -> Page:
    """The plan's page, from the list as its reader finds it."""
    visitor.go(f"/plans/?q={title}")
    visitor.page.get_by_role("link", name=title, exact=True).first.click()
    expect(visitor.page.locator("h1")).to_contain_text(title)
    return visitor.page


def _choose(select: Locator, *values: str) -> None:
    """Options of a list, however the page dresses it."""
    select.evaluate(
        """(field, values) => {
            const dressed = field.tomselect;
            if (dressed) { dressed.setValue(values); return; }
            for (const one of field.options) one.selected = values.includes(one.value);
            field.dispatchEvent(new Event("change", {bubbles: true}));
        }""",
        list(values),
    )


def _begin(visitor, *, kind: str, title: str, parent: str = "", **facts: str) -> Page:
    visitor.go("/plans/new/")
    page = visitor.page
    pairing = page.locator("select[name=pairing]")
    pairing.select_option(
        label=next(t for t in pairing.locator("option").all_inner_texts() if re.search("沈阳.*北京", t))
    )
    page.locator("select[name=kind]").select_option(kind)
    page.locator("input[name=title]").fill(title)
    for name, value in facts.items():
        page.locator(f"input[name={name}]").fill(value)
    if parent:
        page.locator("select[name=parent]").select_option(label=parent)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_contain_text(title)
    return page


def _sections(visitor, title: str) -> None:
    """A sentence below every heading."""
    page = _open(visitor, title)
    links = page.locator("#sections").get_by_role("link", name="编写")
    for address in [links.nth(at).get_attribute("href") for at in range(links.count())]:
        visitor.go(address)
        page.get_by_role("textbox", name="正文").fill("双方按照优势互补、互利共赢的原则开展合作。")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.locator("#sections")).to_be_visible()


def _promise(visitor, title: str, promise: str, *, clause: str, beijing: str, due: str) -> None:
    page = _open(visitor, title)
    page.locator("#entries").get_by_role("link", name="增加事项").click()
    page.locator("input[name=title]").fill(promise)
    _choose(page.locator("select[name=clauses]"), clause)
    page.locator("textarea[name=measure]").fill("建立协同机制，每季度会商一次。")
    page.locator("input[name=target]").fill("建成园区1个")
    page.locator("input[name=due_on]").fill(due)
    page.locator("textarea[name=first_units]").fill("沈阳市工业和信息化局\n沈阳市发展和改革委员会")
    page.locator("textarea[name=second_units]").fill(beijing)
    page.locator("textarea[name=money]").fill("地方财政资金（甲侧） 约8亿元")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#entries")).to_contain_text(promise)


def _reasons(visitor, title: str) -> None:
    """Why the other tasks are not served this time."""
    page = _open(visitor, title)
    fields = page.locator("#coverage input[name^='task-']")
    for at in range(fields.count()):
        fields.nth(at).fill("由专项方案安排")
    page.get_by_role("button", name="保存理由").click()
    expect(page.locator("#missing")).to_contain_text("0处须补充")


def _send(visitor, title: str) -> None:
    page = _open(visitor, title)
    page.get_by_role("button", name="送签").click()
    expect(page.locator("#route")).to_contain_text("办理中")


def _act(visitor, title: str, verb: str, **fields: str) -> Page:
    """From the inbox to the plan's page, and there the step."""
    visitor.go("/inbox/")
    visitor.page.locator("li.dk-row").filter(has_text=title).get_by_role("link", name=re.compile(title)).first.click()
    page = visitor.page
    page.locator("#route").get_by_role("link", name=re.compile(f"^{verb}：")).click()
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("main").get_by_role("button", name=verb, exact=True).click()
    page.wait_for_load_state()
    expect(page.locator(".dk-route-history")).to_be_attached()
    return page


def _signed_by_both(cast: Cast, title: str) -> None:
    consent = {"consent_name": "王某", "consent_post": "市长", "consent_on": today().isoformat()}
    for lead in ("shenyang-lead", "beijing-lead"):
        _act(cast[lead], title, "签署")
    for office in ("beijing", "shenyang"):
        _act(cast[office], title, "登记", **consent)


def _received_and_issued(cast: Cast, title: str, number: str) -> None:
    for receiver in ("cadre", "coordinator"):
        _act(cast[receiver], title, "签收")
    day = today().isoformat()
    cast["coordinator"].expected.append("400")
    page = _act(
        cast["coordinator"],
        title,
        "印发",
        ask_document_number="[2018]第3号",
        ask_document_date=day,
        ask_in_force_on=day,
    )
    expect(page.locator("main")).to_contain_text("发改振兴〔2018〕123号")
    page.locator("[name=ask_document_number]").fill(number)
    page.locator("main").get_by_role("button", name="印发", exact=True).click()
    expect(page.locator("main")).to_contain_text("执行中")
    expect(page.locator("main")).to_contain_text(number)


def _taken(visitor, name: str, folder: Path) -> bytes:
    """A paper of the plan whose page is open."""
    with visitor.page.expect_download() as download:
        visitor.page.locator(f"a[href*='file.{name}']").first.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.read_bytes()


def _words(pdf: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))


def _papers(visitor, title: str, number: str, folder: Path) -> str:
    """PDF, Word and Excel of the version in force, opened; returns the digest that they bear."""
    page = _open(visitor, title)
    text = _words(_taken(visitor, "pdf", folder))
    for words in (title, number, "沈阳方：沈阳市工业和信息化局（牵头）", "北京方：", "（SHA-256）"):
        assert words in text, words
    digest = re.search(r"SHA-256）([0-9a-f]{64})", text)
    assert digest, text[-300:]
    letter = docx.Document(io.BytesIO(_taken(visitor, "docx", folder)))
    body = "\n".join(one.text for one in letter.paragraphs)
    assert title in body
    assert number in body
    assert PROMISE in "\n".join(cell.text for table in letter.tables for row in table.rows for cell in row.cells)
    assert digest[1] in "".join(one.text for part in letter.sections for one in part.footer.paragraphs)
    assert _taken(visitor, "xlsx", folder)[:2] == b"PK"
    assert digest[1] in page.locator("main").inner_text()
    return digest[1]


def _check(visitor, digest: str, words: str) -> None:
    """By typing the digest."""
    visitor.go("/plans/check/")
    visitor.page.locator("input[name=digest]").fill(digest)
    visitor.page.get_by_role("button", name="核对").first.click()
    expect(visitor.page.locator("main")).to_contain_text(words)


def _both_write(cast: Cast, title: str, promise: str) -> None:
    """Two offices change the same promise at once: nobody's words are lost."""
    pages = []
    for office in ("shenyang", "beijing"):
        page = _open(cast[office], title)
        row = page.locator("#entries tr").filter(has_text=promise)
        row.get_by_role("link", name="编写").first.click()
        pages.append(page)
    mine, theirs = pages
    mine.locator("textarea[name=measure]").fill(WRITTEN_BY_SHENYANG)
    mine.get_by_role("button", name="保存", exact=True).click()
    expect(mine.locator("#entries")).to_contain_text(WRITTEN_BY_SHENYANG)
    cast["beijing"].expected.append("409")
    theirs.locator("textarea[name=measure]").fill(WRITTEN_BY_BEIJING)
    theirs.get_by_role("button", name="保存", exact=True).click()
    expect(theirs.locator("main")).to_contain_text(WRITTEN_BY_SHENYANG)
    _merge(theirs)
    expect(theirs.locator("#entries")).to_contain_text(WRITTEN_BY_SHENYANG)
    expect(theirs.locator("#entries")).to_contain_text(WRITTEN_BY_BEIJING)


def _merge(page: Page) -> None:
    page.locator("fieldset").filter(has=page.locator("textarea[name=measure]")).get_by_role(
        "radio", name="改写"
    ).check()
    page.locator("textarea[name=measure]").fill(f"{WRITTEN_BY_SHENYANG}\n{WRITTEN_BY_BEIJING}")
    page.get_by_role("button", name="保存合并结果").click()


def test_a_pairing_gets_from_an_empty_plan_to_an_issued_year_with_papers(cast, tmp_path):
    shenyang, beijing = cast["shenyang"], cast["beijing"]
    page = _begin(shenyang, kind="phase", title=PHASE, starts_on="2017-03-07", ends_on="2020-12-31")
    shenyang.expected.append("409")
    page.get_by_role("button", name="送签").click()
    expect(page.locator("h1")).to_contain_text("还不能送签")
    expect(page.locator("#missing")).to_contain_text("合作目标")
    _sections(shenyang, PHASE)
    _promise(shenyang, PHASE, PROMISE, clause="3.4.2", beijing="", due="2019-12-31")
    expect(shenyang.page.locator("#missing")).to_contain_text("北京")
    _reasons_wait = shenyang.page.locator("#missing li").filter(has_text=PROMISE)
    expect(_reasons_wait.first).to_be_visible()
    row = shenyang.page.locator("#entries tr").filter(has_text=PROMISE)
    row.get_by_role("link", name="编写").first.click()
    shenyang.page.locator("textarea[name=second_units]").fill("北京市科学技术委员会")
    shenyang.page.get_by_role("button", name="保存", exact=True).click()
    expect(shenyang.page.locator("#entries")).to_be_visible()
    _promise(beijing, PHASE, SECOND, clause="3.3.1", beijing="北京市科学技术委员会", due="2020-12-31")
    _reasons(shenyang, PHASE)
    _send(shenyang, PHASE)

    _act(cast["shenyang-lead"], PHASE, "签署")
    page = _act(cast["beijing-lead"], PHASE, "退回", reason=REASON)
    expect(page.locator("main")).to_contain_text("起草中")
    shenyang.go("/inbox/")
    expect(shenyang.page.locator("li.dk-row").filter(has_text=REASON).first).to_be_visible()
    _both_write(cast, PHASE, PROMISE)
    _send(shenyang, PHASE)
    _signed_by_both(cast, PHASE)
    _received_and_issued(cast, PHASE, NUMBER)

    _begin(beijing, kind="annual", title=ANNUAL, parent=PHASE, year="2018")
    page = _open(beijing, ANNUAL)
    page.get_by_role("button", name="从上级计划分解").click()
    expect(page.locator("#entries")).to_contain_text(SECOND)
    _sections(beijing, ANNUAL)
    _reasons(beijing, ANNUAL)
    _send(beijing, ANNUAL)
    _signed_by_both(cast, ANNUAL)
    _received_and_issued(cast, ANNUAL, LATER)
    first = _papers(cast["ministry"], ANNUAL, LATER, tmp_path)
    for name in ("ministry", "shenyang-lead", "auditor"):
        _check(cast[name], first, "没有被新版取代")

    board = cast["coordinator"]
    board.go("/inbox/duties/?year=2018")
    row = board.page.locator(".dk-board tbody tr").filter(has_text=re.compile("沈阳.*北京"))
    expect(row.get_by_role("link").filter(has_text="已报").first).to_be_visible()

    page = _open(shenyang, ANNUAL)
    page.get_by_role("link", name="修订").click()
    page.locator("[name=reason]").fill("园区建设期限调整")
    page.get_by_role("button", name="保存").click()
    row = page.locator("#entries tr").filter(has_text=PROMISE)
    row.get_by_role("link", name="编写").first.click()
    page.locator("input[name=due_on]").fill("2018-11-30")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#entries")).to_be_visible()
    _send(shenyang, ANNUAL)
    _signed_by_both(cast, ANNUAL)
    _received_and_issued(cast, ANNUAL, "发改振兴〔2018〕323号")
    second = _papers(cast["ministry"], ANNUAL, "发改振兴〔2018〕323号", tmp_path)
    assert second != first
    _check(cast["cadre"], first, "已被新版取代")
    _check(cast["cadre"], second, "没有被新版取代")
    _check(cast["dalian-lead"], second, "没有被新版取代")
    cast["member"].go(f"/plans/check/{second}/", status=404)
