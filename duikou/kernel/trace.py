"""The id of the request being answered, for log lines and the audit trail; empty in jobs and commands."""

from __future__ import annotations

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
