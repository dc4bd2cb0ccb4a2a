"""What went wrong is said once, in the form the caller understands, with the id that finds the log line."""

from __future__ import annotations

import io
import json
import logging
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.failing_urls")]

KINDS = [
    ("invalid", 400, "名称不能为空"),
    ("forbidden", 403, "只有本地区的对口合作办公室可以修改"),
    ("not-found", 404, ""),
    ("stale", 409, ""),
    ("too-large", 413, ""),
    ("too-many", 429, ""),
]


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture
def lines():
    """Log lines as they would be printed, as dictionaries."""
    from config import logs

    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    made = logging.config.dictConfig
    import structlog

    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=logs._shared(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    handler.addFilter(logs.PlainRequests())
    root = logging.getLogger()
    root.addHandler(handler)
    assert made is logging.config.dictConfig
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


@pytest.mark.parametrize(("kind", "status", "text"), KINDS)
def test_an_error_page_gives_status_reason_and_id(client, kind, status, text):
    answer = client.get(f"/failing/{kind}/")
    body = answer.content.decode()
    assert answer.status_code == status
    assert text in body
    assert answer["X-Request-ID"] in body


@pytest.mark.parametrize(("kind", "status", "text"), KINDS)
def test_a_fragment_gets_a_fragment(client, kind, status, text):
    answer = client.get(f"/failing/{kind}/", headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert answer.status_code == status
    assert "<html" not in body
    assert text in body
    assert answer["X-Request-ID"] in body


@pytest.mark.parametrize(("kind", "status", "text"), KINDS)
def test_a_program_gets_problem_json(client, kind, status, text):
    answer = client.get(f"/failing/{kind}/", headers={"Accept": "application/json"})
    problem = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["status"] == status == answer.status_code
    assert text in problem["detail"]
    assert problem["instance"].endswith(answer["X-Request-ID"])


def test_a_form_s_errors_are_named_by_field(client):
    answer = client.get("/failing/invalid/", headers={"Accept": "application/json"})
    assert json.loads(answer.content)["errors"] == {"name": ["名称不能为空。"]}


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_defect_is_a_page_whose_id_finds_the_traceback(client, lines, accept):
    answer = client.get("/failing/defect/", headers={"Accept": accept})
    identity = answer["X-Request-ID"]
    assert answer.status_code == 500
    assert identity in answer.content.decode()
    found = [line for line in lines() if line.get("request_id") == identity and "exception" in line]
    assert len(found) == 1
    assert "ZeroDivisionError" in found[0]["exception"]


@pytest.mark.parametrize(
    ("language", "words", "tag"), [("en", "Back to the home page", "en"), ("zh-hans", "回到首页", "zh-hans")]
)
def test_the_last_page_stands_when_all_that_fills_pages_has_failed(client, language, words, tag):
    answer = client.get("/failing/database/", headers={"Accept-Language": language})
    body = answer.content.decode()
    assert answer.status_code == 503
    assert answer["X-Request-ID"] in body
    assert words in body
    assert f'lang="{language}"' in body


def test_a_database_that_others_hold_says_so_wherever_it_shows(client, settings):
    answer = client.get("/failing/deadlock/")
    assert answer.status_code == 503
    assert "请稍后再试" in answer.content.decode()
    assert "ShareLock" not in answer.content.decode()
    settings.MIDDLEWARE = ["tests.failing_urls.Held", *settings.MIDDLEWARE]
    answer = Client(raise_request_exception=False).get("/accounts/login/")
    assert answer.status_code == 503
    assert "请稍后再试" in answer.content.decode()


def test_a_log_line_holds_no_personal_data(client, lines):
    client.get("/failing/defect/?q=王晓峰")
    text = json.dumps(lines(), ensure_ascii=False)
    assert "13912345678" not in text
    assert "wang@example.com" not in text
    assert "王晓峰" not in text


def test_a_request_line_names_the_route_and_the_people_by_id(client_for, shenyang_lead, lines):
    client_for(shenyang_lead).get("/failing/not-found/?q=1")
    line = next(line for line in lines() if line["event"] == "request")
    assert line["route"] == "/failing/<str:kind>/"
    assert line["status"] == 404
    assert line["duration_ms"] >= 0
    assert line["account_id"] == shenyang_lead.account.pk
    assert shenyang_lead.account.display_name not in json.dumps(line, ensure_ascii=False)


def test_a_body_that_is_too_large_is_refused_as_such(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/failing/invalid/", data="x" * 2000, content_type="text/plain")
    assert answer.status_code == 413


def test_an_unknown_host_name_is_refused(client):
    assert client.get("/accounts/login/", headers={"Host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize(
    ("before", "back"),
    [("http://testserver/projects/new/?kind=park", "/projects/new/?kind=park"), ("http://elsewhere.example/x", "/")],
)
def test_a_form_from_a_page_too_old_says_so_and_leads_back_to_that_page(settings, before, back):
    answer = Client(enforce_csrf_checks=True).post("/failing/invalid/", headers={"Referer": before})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()
    assert "没有权限" not in answer.content.decode()
    assert f'href="{back}"' in answer.content.decode()


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page_not_to_what_only_takes_forms(client, db):
    page = "http://testserver/access/organisations/1/?tab=contacts"
    answer = client.post("/access/organisations/1/contacts/", headers={"Referer": page})
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer["Location"]).query) == {
        "next": ["/access/organisations/1/?tab=contacts"],
        "lost": ["1"],
    }


def test_an_address_that_nobody_knows_is_a_404_page(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert answer["X-Request-ID"] in answer.content.decode()


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Accept-Language": "zh-CN"}, "<h1>不能这样打开</h1>"),
        ({"Accept-Language": "en"}, "<h1>Not opened this way</h1>"),
        ({"HX-Request": "true"}, "dk-note-error"),
        ({"Accept": "application/json"}, "urn:duikou:error:wrong_method"),
    ],
)
def test_a_wrong_method_is_explained_to_whoever_asks(client, headers, words):
    answer = client.post("/health/", headers=headers)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert words in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()


MULTIPART = {"data": "x", "content_type": "multipart/form-data"}


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("/failing/invalid/", MULTIPART, 400),
        ("/failing/invalid/", {"data": "a=&" * 4_500, "content_type": "application/x-www-form-urlencoded"}, 400),
        (
            "/failing/invalid/",
            {"data": "a=" + "x" * 6_000_000, "content_type": "application/x-www-form-urlencoded"},
            413,
        ),
    ],
    ids=["no boundary", "too many fields", "too large"],
)
@pytest.mark.parametrize("form", ["page", "fragment", "json"])
def test_what_cannot_be_read_is_refused_in_every_form_without_a_traceback(lines, form, path, sent, status):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies["csrftoken"] = "a" * 32
    headers = {"page": {}, "fragment": {"HX-Request": "true"}, "json": {"Accept": "application/json"}}[form]
    answer = client.post(path, headers={"X-CSRFToken": "a" * 32, **headers}, **sent)
    assert answer.status_code == status
    assert answer["X-Request-ID"] in answer.content.decode()
    assert [line for line in lines() if "exception" in line] == []


@pytest.mark.parametrize("path", ["/%ff%fe/", "/%00/", "/failing/not-found/?q=%00%ff", "/" + "x" * 3000 + "/"])
def test_an_address_that_is_no_text_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_refused_form_does_not_leave_its_address_in_the_log(lines):
    Client(enforce_csrf_checks=True).post("/access/invitations/accept/a-secret-token/")
    said = json.dumps(lines())
    assert "a-secret-token" not in said
    assert "refused by Django (csrf: CSRF cookie not set.)" in said


def test_a_refusal_of_the_host_name_carries_the_protection_of_every_page(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
