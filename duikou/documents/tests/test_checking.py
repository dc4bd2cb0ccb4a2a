"""A file is compared with what was signed: by its bytes, by the digest in its footer, paragraph by paragraph."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx as word
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from duikou.documents.services.checking import paper_compare
from duikou.documents.services.compose import Dress
from duikou.documents.services.papers import paper_make
from duikou.documents.services.read_back import text_of
from duikou.documents.states import PaperForm, PaperKind
from duikou.kernel.errors import Invalid
from duikou.plans.models import PlanEntry, PlanVersion
from duikou.plans.tests.conftest import draft_version, pairing  # noqa: F401 - fixtures
from duikou.plans.tests.test_life import complete, in_force

ADDRESS = "https://duikou.example.cn/plans/check/"


@pytest.fixture
def signed(draft_version: PlanVersion, shenyang_editor: Any) -> PlanVersion:  # noqa: F811 - the fixture above
    return in_force(complete(draft_version, shenyang_editor.actor), shenyang_editor.actor)


def made(person: Any, version: PlanVersion, form: PaperForm, kind: PaperKind = PaperKind.TEXT) -> bytes:
    dress = Dress(("沈阳市人民政府", "北京市人民政府"), "各区县人民政府：", ("沈阳市人民政府",))
    given = {"kind": kind, "form": form, "dress": dress, "check_address": ADDRESS}
    return paper_make(actor=person.actor, version_id=version.pk, **given).data


def resaved(data: bytes, old: str = "", new: str = "") -> bytes:
    """A Word file opened and saved again, with words changed in it."""
    letter, out = word.Document(io.BytesIO(data)), io.BytesIO()
    for part in letter.paragraphs:
        if old and old in part.text:
            part.text = part.text.replace(old, new)
    letter.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", list(PaperKind))
@pytest.mark.parametrize("form", [PaperForm.PDF, PaperForm.WORD])
def test_what_duikou_made_is_known_by_its_bytes(
    signed: PlanVersion, shenyang_editor: Any, beijing_lead: Any, form: PaperForm, kind: PaperKind
) -> None:
    found = paper_compare(actor=beijing_lead.actor, data=made(shenyang_editor, signed, form, kind))
    assert (found.version, found.digest, found.is_intact) == (signed, signed.digest, True)
    assert found.made_at is not None


def test_a_word_file_saved_again_is_compared_by_its_paragraphs(signed: PlanVersion, shenyang_editor: Any) -> None:
    data = made(shenyang_editor, signed, PaperForm.WORD)
    same = paper_compare(actor=shenyang_editor.actor, data=resaved(data))
    assert (same.version, same.made_at, same.missing) == (signed, None, ())
    assert same.paragraphs > 10
    assert any("沈阳市人民政府" in text for text in same.more)
    other = paper_compare(actor=shenyang_editor.actor, data=resaved(data, "建成园区1个", "建成园区9个"))
    assert any("建成园区1个" in text for text in other.missing)
    assert any("9" in text for text in other.more)


def test_a_pdf_that_says_something_else_is_found_out(signed: PlanVersion, shenyang_editor: Any) -> None:
    data = made(shenyang_editor, signed, PaperForm.PDF)
    again = paper_compare(actor=shenyang_editor.actor, data=data + b"\n")
    assert (again.version, again.made_at, again.missing) == (signed, None, ())
    PlanEntry.objects.filter(version=signed).update(target="建成园区9个")
    forged = made(shenyang_editor, signed, PaperForm.PDF) + b"\n"
    PlanEntry.objects.filter(version=signed).update(target="建成园区1个")
    found = paper_compare(actor=shenyang_editor.actor, data=forged)
    assert (found.version, found.is_intact) == (signed, True)
    assert any("建成园区1个" in text for text in found.missing)


def test_a_draft_and_what_one_may_not_know_of_are_no_signed_text(
    signed: PlanVersion, shenyang_editor: Any, unit: Any
) -> None:
    data = made(shenyang_editor, signed, PaperForm.PDF)
    found = paper_compare(actor=unit.actor, data=data)
    assert (found.version, found.digest) == (None, signed.digest)
    letter, out = word.Document(), io.BytesIO()
    letter.add_paragraph("一封信")
    letter.save(out)
    assert paper_compare(actor=shenyang_editor.actor, data=out.getvalue()).digest == ""


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(3):
            package.writestr(f"word/{number}.xml", b"0" * 100 * 1024**2)
    return out.getvalue()


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7 broken", b"PK\x03\x04 broken", _bomb()])
def test_what_cannot_be_read_is_said_at_the_field(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        text_of(data)
    assert list(refused.value.fields) == ["file"]


@given(
    st.binary(max_size=300),
    st.sampled_from([b"%PDF-1.7\n", b"PK\x03\x04", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj "]),
)
def test_no_rubbish_breaks_the_reader(rest: bytes, start: bytes) -> None:
    try:
        text_of(start + rest)
    except Invalid:
        pass


def test_the_page_answers(signed: PlanVersion, client_for: Any, shenyang_editor: Any, member: Any) -> None:
    where, browser = reverse("documents:check"), client_for(shenyang_editor)
    assert where in browser.get(reverse("plans:check")).content.decode()
    assert browser.get(where).status_code == 200
    assert client_for(member).get(where).status_code == 404
    data = made(shenyang_editor, signed, PaperForm.WORD)

    def asked(content: bytes) -> Any:
        return browser.post(where, {"file": SimpleUploadedFile("计划.docx", content)})

    page = asked(data).content.decode()
    assert "完全一致" in page
    assert signed.plan.title in page
    assert "没有改动" in asked(resaved(data)).content.decode()
    assert "缺失或被改动" in asked(resaved(data, "建成园区1个", "建成园区9个")).content.decode()
    bad = asked(b"hello")
    assert bad.status_code == 400
    assert "PDF或Word" in bad.content.decode()
    assert browser.post(where, {}).status_code == 400
