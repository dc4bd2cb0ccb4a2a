"""Files of proof: stored once, judged by content, read only with leave, never run."""

import io
import stat
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import DomainError, Forbidden, Invalid, NotFound, TooLarge
from duikou.kernel.verdict import Verdict
from duikou.records import policies
from duikou.records.models import AuditEvent, Blob, Evidence
from duikou.records.rules import NAME_BYTES, safe_name
from duikou.records.services.audit import SubjectRef
from duikou.records.services.evidence import KEEP_UNLINKED, blobs_purge, evidence_add, evidence_remove

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
REF = SubjectRef("test.thing", "1", "一件事")
OTHER = SubjectRef("test.thing", "2", "另一件事")
STRANGE = SubjectRef("test.nobody", "1", "无人登记")


def png(size=(4, 4), kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", size).save(out, kind)
    return out.getvalue()


def package(part, *more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in ("[Content_Types].xml", part, *more):
            made.writestr(name, "<x/>")
    return out.getvalue()


def upload(name, content):
    file = SimpleUploadedFile("x", content)
    file._name = name
    return file


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    settings.HOME = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }
    return tmp_path


@pytest.fixture(autouse=True)
def owner(monkeypatch):
    """Things of kind test.thing: 王丽's organisation writes, account 8 reads, account 9 is a stranger."""
    monkeypatch.setattr(policies, "_owners", {})

    def sees(actor, _subject_id):
        return Verdict.no("看不到") if actor.account_id == 9 else Verdict.yes()

    def writes(actor, _subject_id):
        return Verdict.yes() if actor.organisation_id == 3 else Verdict.no("只有本单位可以上传")

    policies.own_evidence("test.thing", sees=sees, writes=writes)


@pytest.mark.django_db
def test_the_same_bytes_are_stored_once_for_two_subjects(alice, home):
    one = evidence_add(actor=alice, subject=REF, file=upload("合同.pdf", PDF), note="盖章件")
    two = evidence_add(actor=alice, subject=OTHER, file=upload("另名.PDF", PDF))
    assert one.blob == two.blob
    assert Blob.objects.count() == 1
    assert [path.name for path in (home / "files").rglob("*") if path.is_file()] == [one.blob.digest]
    assert two.name == "另名.pdf"
    assert not list((home / "incoming").iterdir())
    event = AuditEvent.objects.filter(action="records.evidence.add").latest("id")
    assert event.after["sha256"] == one.blob.digest


@pytest.mark.django_db
def test_the_same_file_twice_on_one_subject_is_said(alice):
    evidence_add(actor=alice, subject=REF, file=upload("a.pdf", PDF))
    with pytest.raises(Invalid, match="已经"):
        evidence_add(actor=alice, subject=REF, file=upload("b.pdf", PDF))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.png", png()),
        ("a.jpeg", png(kind="JPEG")),
        ("a.webp", png(kind="WEBP")),
        ("a.docx", package("word/document.xml")),
        ("a.xlsx", package("xl/workbook.xml")),
        ("a.pptx", package("ppt/presentation.xml")),
        ("a.ofd", package("OFD.xml")),
        ("a.csv", "项目,金额\n甲,1".encode("gb18030")),
        ("a.txt", "\ufeff说明".encode()),
        ("a.txt", "说明".encode("utf-16")),
    ],
)
def test_what_is_what_it_says_is_taken_in(alice, name, content):
    assert evidence_add(actor=alice, subject=REF, file=upload(name, content)).blob.size == len(content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ" + b"\0" * 100),
        ("a.html", b"<script>alert(1)</script>"),
        ("a.svg", b"<svg onload='x()'/>"),
        ("a.zip", package("x")),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("a", PDF),
        ("a.pdf", b"MZ" + b"\0" * 100),
        ("a.pdf", b"<html>%PDF-1.4 %%EOF"),
        ("a.png", PDF),
        ("a.png", png(kind="JPEG")),
        ("a.png", png()[:40]),
        ("a.docx", package("xl/workbook.xml")),
        ("a.docx", package("word/document.xml", "word/vbaProject.bin")),
        ("a.xlsx", b"PK\x03\x04rubbish"),
        ("a.xlsx", package("xl/workbook.xml", "xl/activeX/activeX1.xml")),
        ("a.txt", b"a\0b"),
        ("a.txt", PDF),
        ("a.txt", b"#!/bin/sh\nrm -rf x\n"),
        ("a.csv", b"\x81\x20\xff\xff\xfe"),
        ("a.pdf", b""),
    ],
)
def test_what_is_not_what_it_says_is_refused(alice, home, name, content):
    with pytest.raises(DomainError):
        evidence_add(actor=alice, subject=REF, file=upload(name, content))
    assert not Evidence.objects.exists()
    assert not [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_limits_of_size_and_number_are_said(alice, settings):
    settings.EVIDENCE_MAX_BYTES = 1024
    with pytest.raises(TooLarge):
        evidence_add(actor=alice, subject=REF, file=upload("a.pdf", PDF + b" " * 2000))
    settings.EVIDENCE_MAX_FILES = 1
    evidence_add(actor=alice, subject=REF, file=upload("a.pdf", PDF))
    with pytest.raises(Invalid, match="最多"):
        evidence_add(actor=alice, subject=REF, file=upload("b.png", png()))


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "taken"), [(0, True), (1, False), (2, False)])
def test_the_scanner_is_asked_and_must_agree(alice, settings, tmp_path, code, taken):
    scanner = tmp_path / "scanner"
    scanner.write_text(f'#!/bin/sh\ntest -f "$2" || exit 3\nexit {code}\n')
    scanner.chmod(scanner.stat().st_mode | stat.S_IEXEC)
    settings.SCAN_COMMAND = f"{scanner} --fdpass"
    if taken:
        evidence_add(actor=alice, subject=REF, file=upload("a.pdf", PDF))
    else:
        with pytest.raises(Invalid):
            evidence_add(actor=alice, subject=REF, file=upload("a.pdf", PDF))
    settings.SCAN_COMMAND = str(tmp_path / "not-there")
    with pytest.raises(Invalid, match="暂时不可用"):
        evidence_add(actor=alice, subject=OTHER, file=upload("a.pdf", PDF))


@pytest.mark.django_db
def test_only_whom_the_owning_room_lets_write_writes(alice):
    with pytest.raises(Forbidden, match="只有本单位"):
        evidence_add(actor=_person(8), subject=REF, file=upload("a.pdf", PDF))
    with pytest.raises(NotFound):
        evidence_add(actor=_person(9), subject=REF, file=upload("a.pdf", PDF))
    with pytest.raises(NotFound):
        evidence_add(actor=alice, subject=STRANGE, file=upload("a.pdf", PDF))


@pytest.mark.django_db
def test_removing_is_recorded_and_bytes_go_when_nothing_links_to_them(alice):
    one = evidence_add(actor=alice, subject=REF, file=upload("a.pdf", PDF))
    two = evidence_add(actor=alice, subject=OTHER, file=upload("a.pdf", PDF))
    blob = one.blob
    Blob.objects.update(created_at=now() - 2 * KEEP_UNLINKED)
    evidence_remove(actor=alice, evidence=one, reason="传错了")
    assert AuditEvent.objects.latest("id").before["sha256"] == blob.digest
    assert blobs_purge(actor=Actor.job("t")) == 0
    evidence_remove(actor=alice, evidence=two)
    assert default_storage.exists(blob.path)
    assert blobs_purge(actor=Actor.job("t")) == 1
    assert not default_storage.exists(blob.path)
    assert not Blob.objects.exists()


@pytest.mark.django_db
def test_a_half_written_file_is_written_again(alice, home):
    link = evidence_add(actor=alice, subject=REF, file=upload("a.pdf", PDF))
    (home / "files" / link.blob.path).write_bytes(b"%PD")
    evidence_add(actor=alice, subject=OTHER, file=upload("a.pdf", PDF))
    with default_storage.open(link.blob.path) as file:
        assert file.read() == PDF


@pytest.mark.django_db
def test_a_failed_transaction_leaves_no_link(alice):
    def attempt():
        with transaction.atomic():
            evidence_add(actor=alice, subject=REF, file=upload("a.pdf", PDF))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        attempt()
    assert not Evidence.objects.exists()


@given(st.text(max_size=300))
def test_a_name_is_only_a_name(name):
    safe = safe_name(name)
    assert safe
    assert not set(safe) & set('/\\<>:"|?*\0\n\r\t\u202e\u200f')
    assert not safe.startswith(".")
    assert not safe.endswith((".", " "))
    assert len(safe.encode()) <= NAME_BYTES
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\王\\合同.PDF", "合同.pdf"),
        ("con.txt", "_con.txt"),
        ("报告\u202efdp.exe", "报告fdp.exe"),
        ("....", "file"),
        ("a" * 400 + ".pdf", "a" * 176 + ".pdf"),
    ],
)
def test_dangerous_names_are_cleaned(name, safe):
    assert safe_name(name) == safe


def _person(account_id):
    from duikou.kernel.actor import ActorKind, Role

    return Actor(kind=ActorKind.PERSON, role=Role.UNIT, name="某人", account_id=account_id, organisation_id=99)


@pytest.fixture
def link(alice, shenyang_editor):
    return evidence_add(actor=alice, subject=REF, file=upload("合同 “正本”.pdf", PDF))


@pytest.mark.django_db
def test_a_download_is_an_attachment_that_nothing_runs(link, client_for, shenyang_editor):
    answer = client_for(shenyang_editor).get(f"/records/evidence/{link.pk}/?inline=1")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_stranger_gets_404_a_colleague_403_and_nobody_the_sign_in(link, client_for, shenyang_editor, anonymous):
    browser = client_for(shenyang_editor)
    address = f"/records/evidence/{link.pk}/"
    policies.own_evidence("test.thing", sees=lambda *_: Verdict.yes(), reads=lambda *_: Verdict.no("涉密"), writes=_no)
    answer = browser.get(address)
    assert (answer.status_code, "涉密" in answer.content.decode()) == (403, True)
    policies.own_evidence("test.thing", sees=_no, writes=_no)
    assert browser.get(address).status_code == 404
    assert client_for(anonymous).get(address).status_code == 302


def _no(*_):
    return Verdict.no("不行")


@pytest.mark.django_db
def test_files_are_uploaded_and_removed_from_a_page(client_for, shenyang_editor):
    policies.own_evidence("test.thing", sees=lambda *_: Verdict.yes(), writes=lambda *_: Verdict.yes())
    browser = client_for(shenyang_editor)
    form = {"kind": "test.thing", "subject": "1", "label": "一件事", "note": "说明", "next": "/records/trail/"}
    files = [upload("甲.pdf", PDF), upload("乙.png", b"not a picture")]
    answer = browser.post("/records/evidence/add/", {**form, "file": files})
    assert (answer.status_code, answer["Location"]) == (302, "/records/trail/")
    link = Evidence.objects.get()
    fragment = browser.post(
        "/records/evidence/add/", {**form, "file": [upload("丙.png", png())]}, headers={"HX-Request": "true"}
    )
    assert "丙.png" in fragment.content.decode()
    outside = browser.post(f"/records/evidence/{link.pk}/remove/", {"next": "https://example.org/"})
    assert (outside.status_code, outside["Location"]) == (302, "/")
    assert not Evidence.objects.filter(pk=link.pk).exists()
    assert browser.post("/records/evidence/add/", form).status_code == 400
