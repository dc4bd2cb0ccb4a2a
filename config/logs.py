"""Logs that machines read (JSON) and people at a terminal can: a line per event, ids but no personal data."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

PERSONAL = re.compile(
    r"(?<!\d)1[3-9]\d{9}(?!\d)"  # mobile number
    r"|(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])"  # resident id
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)*"  # mail address
)
HIDDEN = "[hidden]"


def hide_personal(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Cover telephone numbers, resident ids and mail addresses in every text of a line, tracebacks included."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = PERSONAL.sub(HIDDEN, value)
    return event


class PlainRequests(logging.Filter):
    """Keeps addresses with tokens or search words out of Django's own request lines, drops what `request` repeats."""

    def filter(self, record: logging.LogRecord) -> bool:
        """False for a line that says no more than the request line does."""
        if record.name == "django.request":
            if not record.exc_info or getattr(record, "status_code", 500) < 500:
                return False
            record.msg, record.args = "unhandled error", ()
        elif record.name.startswith("django.security."):
            _plain_refusal(record)
        record.__dict__.pop("request", None)
        return True


def _plain_refusal(record: logging.LogRecord) -> None:
    """A request that Django refused, by the reason alone: what the caller sent is neither ours to keep nor a defect."""
    if record.getMessage().startswith("refused by Django"):
        return  # another handler has seen the same record
    why = record.name.rsplit(".", 1)[-1]
    if why == "csrf" and isinstance(record.args, tuple) and record.args:
        why = f"csrf: {str(record.args[0]).split(' - ')[0]}"
    record.msg, record.args = f"refused by Django ({why})", ()
    record.exc_info = record.exc_text = None
    record.levelno, record.levelname = logging.WARNING, "WARNING"


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        hide_personal,
    ]


def configure(form: str, level: str = "INFO") -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING; `form` is `json`, `text`, or `auto` (text at a terminal)."""
    as_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    renderer: Any = (
        structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], drop_missing=True)
        if as_text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"plain": {"()": "config.logs.PlainRequests"}},
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared(),
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["plain"]}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": True},
            "django_tasks": {"handlers": [], "level": "WARNING", "propagate": True},
            "django_tasks_db": {"handlers": [], "level": "WARNING", "propagate": True},
            "axes": {"handlers": [], "level": "ERROR", "propagate": True},
            "gunicorn.error": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        },
    }
