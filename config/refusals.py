"""Requests that gunicorn refuses before the site sees them, answered in the product's words and look."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from gunicorn import util
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

log = structlog.stdlib.get_logger("duikou.web")

TITLES = {
    400: ("Bad Request", "请求有误", "The request cannot be understood"),
    403: ("Forbidden", "没有权限", "Forbidden"),
    414: ("URI Too Long", "网址过长", "The address is too long"),
    417: ("Expectation Failed", "请求有误", "The request cannot be understood"),
    431: ("Request Header Fields Too Large", "请求头过大", "The request's headers are too large"),
    500: ("Internal Server Error", "出错了", "Something went wrong"),
    501: ("Not Implemented", "请求有误", "The request cannot be understood"),
}
STATUS: tuple[tuple[type[Exception], int], ...] = (
    (errors.LimitRequestLine, 414),
    (errors.LimitRequestHeaders, 431),
    (errors.UnsupportedTransferCoding, 501),
    (errors.ExpectationFailed, 417),
    (errors.ForbiddenProxyRequest, 403),
    (errors.ConfigurationProblem, 500),
)
PAGE = """<!DOCTYPE html>
<html lang="zh-Hans">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{zh} · {en}</title></head>
<body><main><p>对口合作平台 · Duikou</p><h1>{status} {zh}</h1><p lang="en">{en}.</p>
<p>编号 · Reference: <code>{reference}</code></p><p><a href="/">回到首页 · Home</a></p></main></body>
</html>
"""


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker whose own refusals carry an id that is in the log, and nothing of what was sent."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Log the refusal by kind, answer with a page; a defect is logged with its traceback."""
        status = status_of(exc)
        reference = secrets.token_hex(6)
        if status == 500:
            log.error("unhandled error", request_id=reference, status=status, exc_info=exc)
        else:
            log.warning("refused by the server", request_id=reference, status=status, reason=type(exc).__name__)
        try:
            util.write_nonblock(client, answer(status, reference))
        except OSError:
            log.debug("nobody waits for the answer", request_id=reference)


def status_of(error: Exception) -> int:
    """The status for what gunicorn could not read; 500 for what is no fault of the caller."""
    if isinstance(error, (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName)):
        return 500
    for kind, status in STATUS:
        if isinstance(error, kind):
            return status
    return 400 if isinstance(error, (errors.ParseException, OSError)) else 500


def answer(status: int, reference: str) -> bytes:
    """The whole answer as bytes."""
    reason, zh, en = TITLES[status]
    body = PAGE.format(status=status, zh=zh, en=en, reference=reference).encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nX-Request-ID: {reference}\r\nX-Content-Type-Options: nosniff\r\n"
        "Content-Security-Policy: default-src 'none'\r\nCache-Control: no-store\r\n\r\n"
    )
    return head.encode("ascii") + body
