"""Photos: their own word is kept with the original; what is shown is drawn anew and says nothing."""

import datetime as dt
import io
import struct
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

from duikou.kernel.actor import Actor
from duikou.kernel.clock import SHANGHAI, now
from duikou.kernel.errors import Invalid
from duikou.kernel.verdict import Verdict
from duikou.records import policies
from duikou.records.models import AuditEvent, Blob, Evidence
from duikou.records.services import pictures
from duikou.records.services.audit import SubjectRef
from duikou.records.services.evidence import KEEP_UNLINKED, blobs_purge, evidence_add, evidence_remove
from duikou.records.services.exif import BROKEN, PhotoFacts, photo_facts
from duikou.records.services.pictures import SIZES, redrawn

REF = SubjectRef("test.thing", "1", "一件事")
TOKENS = st.binary(min_size=12, max_size=40).map(lambda raw: b"SECRET" + raw.hex().encode())


@pytest.fixture(autouse=True)
def storage(tmp_path, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }


@pytest.fixture(autouse=True)
def owner(monkeypatch):
    monkeypatch.setattr(policies, "_owners", {})
    policies.own_evidence("test.thing", sees=lambda *_: Verdict.yes(), writes=lambda *_: Verdict.yes())


def degrees(value):
    whole = int(value)
    minutes = int((value - whole) * 60)
    return (
        IFDRational(whole),
        IFDRational(minutes),
        IFDRational(round((value - whole - minutes / 60) * 3600 * 1000), 1000),
    )


def exif_of(
    *, at="2025:08:03 10:12:13", zone="+08:00", where=(41.8057, 123.4315), sides="NE", turn=1, make="Duikou", note=b""
):
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = make, "Phone 7"
    exif[ExifTags.Base.Orientation] = turn
    detail = {ExifTags.Base.DateTimeOriginal: at, ExifTags.Base.MakerNote: note}
    if zone:
        detail[ExifTags.Base.OffsetTimeOriginal] = zone
    exif.get_ifd(ExifTags.IFD.Exif).update(detail)
    if where:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {1: sides[0], 2: degrees(where[0]), 3: sides[1], 4: degrees(where[1])}
        )
    return exif


def photo(form="JPEG", size=(64, 48), *, mode="RGB", colour="red", **more):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, form, **more)
    return out.getvalue()


def upload(content, name="现场.jpg"):
    return SimpleUploadedFile(name, content)


def facts_of(content, tmp_path, form="JPEG"):
    path = tmp_path / "photo"
    path.write_bytes(content)
    return photo_facts(path, form)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_time_zone_place_and_camera_are_read_in_every_form(form, tmp_path):
    found = facts_of(photo(form, exif=exif_of()), tmp_path, form)
    assert found.taken_at == dt.datetime(2025, 8, 3, 10, 12, 13, tzinfo=SHANGHAI)
    assert found.taken_zone == "+08:00"
    assert abs(found.latitude - Decimal("41.8057")) < Decimal("0.00001")
    assert abs(found.longitude - Decimal("123.4315")) < Decimal("0.00001")
    assert found.camera == "Duikou Phone 7"


def test_a_time_without_a_zone_is_beijing_time_and_says_so(tmp_path):
    found = facts_of(photo(exif=exif_of(zone="")), tmp_path)
    assert (found.taken_at.utcoffset(), found.taken_zone) == (dt.timedelta(hours=8), "")


def test_a_photo_from_abroad_keeps_its_moment(tmp_path):
    found = facts_of(photo(exif=exif_of(zone="-03:30", sides="SW")), tmp_path)
    assert found.taken_at == dt.datetime(2025, 8, 3, 13, 42, 13, tzinfo=dt.UTC)
    assert found.latitude < 0 > found.longitude


@pytest.mark.parametrize(
    "more",
    [
        {"at": "0000:00:00 00:00:00"},
        {"at": "2025:13:03 10:12:13"},
        {"at": "昨天"},
        {"at": "9999:12:31 23:59:59"},
    ],
)
def test_a_senseless_time_is_no_time(more, tmp_path):
    assert facts_of(photo(exif=exif_of(**more)), tmp_path).taken_at is None


@pytest.mark.parametrize("more", [{"where": (0, 0)}, {"where": (91, 10)}, {"where": (10, 181)}, {"sides": "XE"}])
def test_a_senseless_place_is_no_place(more, tmp_path):
    found = facts_of(photo(exif=exif_of(**more)), tmp_path)
    assert (found.latitude, found.longitude) == (None, None)


def test_a_number_divided_by_nothing_is_no_place(tmp_path):
    exif = exif_of()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[2] = (IFDRational(0, 0), IFDRational(1), IFDRational(1))
    assert facts_of(photo(exif=exif), tmp_path).latitude is None


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 3000), noise=st.binary(min_size=1, max_size=40))
def test_broken_exif_never_stops_a_photo(tmp_path_factory, place, noise):
    content = bytearray(photo(exif=exif_of(note=b"x" * 200)))
    place = 20 + place % 700
    content[place : place + len(noise)] = noise
    found = facts_of(bytes(content), tmp_path_factory.mktemp("broken"))
    assert isinstance(found, PhotoFacts)
    assert found.latitude is None or abs(found.latitude) <= 90


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=300), form=st.sampled_from(["JPEG", "PNG", "WEBP"]), cut=st.integers(1, 400))
def test_rubbish_and_halves_are_refused_as_broken(content, form, cut):
    whole = photo(form, (90, 70), colour="#1279a3")
    for broken in (content, whole[: max(1, len(whole) - cut)] if form != "PNG" else content):
        try:
            assert redrawn(io.BytesIO(broken), form, 320)[:2] == b"\xff\xd8"
        except BROKEN:
            pass


@settings(max_examples=60, deadline=None)
@given(
    form=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    tokens=st.tuples(TOKENS, TOKENS, TOKENS, TOKENS),
    where=st.tuples(st.floats(1, 89), st.floats(1, 179)),
    turn=st.integers(1, 8),
    size=st.sampled_from(sorted(SIZES.values())),
)
def test_no_copy_holds_anything_the_original_says(form, tokens, where, turn, size):
    make, note, words, extra = tokens
    exif = exif_of(where=where, turn=turn, make=make.decode(), note=note)
    more = {"exif": exif, "xmp": b"<x:xmpmeta>" + words + b"</x:xmpmeta>", "icc_profile": srgb(extra)}
    if form == "JPEG":
        more["comment"] = extra
    if form == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", extra.decode())
        more = {"pnginfo": info, "exif": exif}
    original = photo(form, (400, 300), **more)
    if form == "JPEG":
        iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(words)) + words
        original = original[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + original[2:]
        original += b"MotionPhoto" + words
    assert make in original
    copy = redrawn(io.BytesIO(original), form, size)
    for secret in (*tokens, b"SECRET", b"Exif", b"xmp", b"8BIM", b"ICC_PROFILE", b"MotionPhoto"):
        assert secret not in copy
    assert segments(copy) <= {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA}
    with Image.open(io.BytesIO(copy)) as shown:
        assert not dict(shown.getexif())
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert shown.size == ((300, 400) if turn >= 5 else (400, 300)) if size > 400 else max(shown.size) == 320


def srgb(extra):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + extra


def segments(content):
    """Markers of a JPEG up to its dots."""
    found, place = set(), 2
    while True:
        assert content[place] == 0xFF
        marker = content[place + 1]
        found.add(marker)
        if marker == 0xDA:
            return found
        place += 2 + struct.unpack(">H", content[place + 2 : place + 4])[0]


def test_a_photo_taken_sideways_is_shown_upright():
    wide = Image.new("RGB", (80, 40), "white")
    wide.paste("blue", (0, 0, 20, 40))
    out = io.BytesIO()
    wide.save(out, "JPEG", quality=95, exif=exif_of(turn=6))
    with Image.open(io.BytesIO(redrawn(out, "JPEG", 320))) as shown:
        assert shown.size == (40, 80)
        red, _green, blue = shown.getpixel((20, 5))
        assert blue > 200 > 100 > red


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_dots_can_be_shown(mode):
    content = photo("PNG", mode=mode, colour=0 if mode in {"1", "L", "P", "I;16"} else None)
    assert redrawn(io.BytesIO(content), "PNG", 320)[:2] == b"\xff\xd8"


def test_sixteen_bits_of_grey_stay_grey():
    with Image.open(io.BytesIO(redrawn(io.BytesIO(photo("PNG", mode="I;16", colour=32768)), "PNG", 320))) as shown:
        assert abs(shown.getpixel((5, 5))[0] - 128) < 4


def test_print_colours_and_what_is_see_through_become_plain():
    assert redrawn(io.BytesIO(photo(mode="CMYK", colour=(0, 0, 0, 0))), "JPEG", 320)
    with Image.open(
        io.BytesIO(redrawn(io.BytesIO(photo("PNG", mode="RGBA", colour=(0, 0, 0, 0))), "PNG", 320))
    ) as shown:
        assert min(shown.getpixel((5, 5))) > 250


@pytest.mark.django_db
def test_the_original_stays_as_it_was_with_its_facts_beside_it(alice, client_for, shenyang_editor):
    content = photo(exif=exif_of(), size=(800, 600))
    link = evidence_add(actor=alice, subject=REF, file=upload(content))
    link.refresh_from_db()
    assert (link.latitude.quantize(Decimal("0.0001")), link.camera) == (Decimal("41.8057"), "Duikou Phone 7")
    answer = client_for(shenyang_editor).get(f"/records/evidence/{link.pk}/?inline=1")
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert "41.8" not in str(AuditEvent.objects.filter(action="records.evidence.add").latest("id").after)


@pytest.mark.django_db
def test_a_twelve_megapixel_photo_is_taken_in_and_shown_small(alice, client_for, shenyang_editor, tmp_path):
    content = photo(size=(4032, 3024), exif=exif_of(turn=6), quality=90)
    link = evidence_add(actor=alice, subject=REF, file=upload(content))
    browser = client_for(shenyang_editor)
    for address, longest in (("thumbnail", 320), ("picture", 1600)):
        answer = browser.get(f"/records/evidence/{link.pk}/{address}/")
        copy = b"".join(answer.streaming_content)
        with Image.open(io.BytesIO(copy)) as shown:
            assert (shown.format, max(shown.size), shown.size[0] < shown.size[1]) == ("JPEG", longest, True)
        assert answer["Content-Disposition"].startswith("inline")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]
    assert len([path for path in (tmp_path / "pictures").rglob("*") if path.is_file()]) == 2


@pytest.mark.django_db
def test_a_copy_is_drawn_once(alice, client_for, shenyang_editor, monkeypatch):
    link = evidence_add(actor=alice, subject=REF, file=upload(photo()))
    browser = client_for(shenyang_editor)
    address = f"/records/evidence/{link.pk}/thumbnail/"
    first = b"".join(browser.get(address).streaming_content)
    monkeypatch.setattr(pictures, "redrawn", None)
    assert b"".join(browser.get(address).streaming_content) == first


@pytest.mark.django_db
def test_a_copy_is_for_those_who_may_read_the_original(alice, client_for, shenyang_editor, anonymous):
    link = evidence_add(actor=alice, subject=REF, file=upload(photo()))
    browser = client_for(shenyang_editor)
    address = f"/records/evidence/{link.pk}/thumbnail/"
    assert browser.get(address).status_code == 200
    policies.own_evidence("test.thing", sees=lambda *_: Verdict.yes(), reads=_no, writes=_no)
    assert browser.get(address).status_code == 403
    policies.own_evidence("test.thing", sees=_no, writes=_no)
    assert browser.get(address).status_code == 404
    assert client_for(anonymous).get(address).status_code == 302


def _no(*_):
    return Verdict.no("不行")


@pytest.mark.django_db
def test_what_is_no_picture_has_no_copy(alice, client_for, shenyang_editor):
    link = evidence_add(actor=alice, subject=REF, file=upload("说明".encode(), "说明.txt"))
    assert client_for(shenyang_editor).get(f"/records/evidence/{link.pk}/picture/").status_code == 404


@pytest.mark.django_db
def test_an_old_original_that_cannot_be_read_says_so(alice, client_for, shenyang_editor, tmp_path):
    link = evidence_add(actor=alice, subject=REF, file=upload(photo()))
    (tmp_path / "files" / link.blob.path).write_bytes(b"rubbish")
    answer = client_for(shenyang_editor).get(f"/records/evidence/{link.pk}/picture/")
    assert (answer.status_code, "无法读取" in answer.content.decode()) == (400, True)
    (tmp_path / "files" / link.blob.path).unlink()
    assert client_for(shenyang_editor).get(f"/records/evidence/{link.pk}/picture/").status_code == 404


@pytest.mark.django_db
def test_copies_go_with_the_original(alice, client_for, shenyang_editor, tmp_path):
    link = evidence_add(actor=alice, subject=REF, file=upload(photo()))
    client_for(shenyang_editor).get(f"/records/evidence/{link.pk}/thumbnail/")
    Blob.objects.update(created_at=now() - 2 * KEEP_UNLINKED)
    evidence_remove(actor=alice, evidence=link)
    assert blobs_purge(actor=Actor.job("t")) == 1
    assert not [path for path in (tmp_path / "pictures").rglob("*") if path.is_file()]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.png", photo("PNG", (9000, 9000), mode="1", colour=0), "像素"),
        ("a.jpg", photo(size=(400, 300))[:900], "损坏"),
        ("a.jpg", b"\x00\x00\x00\x18ftypheic" + b"\0" * 99, "HEIC"),
        ("a.heic", b"\x00\x00\x00\x18ftypheic" + b"\0" * 99, "HEIC"),
        ("a.gif", photo("GIF"), "gif"),
    ],
)
def test_bombs_broken_and_unknown_pictures_are_refused_in_words(alice, name, content, words):
    with pytest.raises(Invalid, match=words):
        evidence_add(actor=alice, subject=REF, file=upload(content, name))
    assert not Evidence.objects.exists()


@pytest.mark.django_db
def test_a_page_shows_photos_as_a_gallery_beside_the_files(client_for, shenyang_editor):
    browser = client_for(shenyang_editor)
    form = {"kind": "test.thing", "subject": "1", "label": "一件事", "note": "塔吊“已”安装"}
    files = [
        upload(photo(exif=exif_of())),
        upload(photo("PNG", exif=exif_of(zone="")), "二.png"),
        upload(b"text", "三.txt"),
    ]
    page = browser.post(
        "/records/evidence/add/", {**form, "file": files}, headers={"HX-Request": "true"}
    ).content.decode()
    assert page.count("/thumbnail/") == 2
    assert 'alt="塔吊“已”安装"' in page
    assert "41.805" in page
    assert page.count("按北京时间") == 1
    assert 'capture="environment"' in page
    refused = browser.post("/records/evidence/add/", form, headers={"HX-Request": "true"})
    assert (refused.status_code, "请先选择文件" in refused.content.decode()) == (400, True)
