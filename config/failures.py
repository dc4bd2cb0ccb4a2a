"""What went wrong, in one line that a person at the command line can act on; tracebacks only when asked for."""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from config.words import Refusal, debugging, pick

USAGE = 2
INTERRUPTED = 130

_FILES = {
    errno.EACCES: ("没有权限", "permission denied"),
    errno.EPERM: ("不允许这样做", "operation not permitted"),
    errno.ENOSPC: ("磁盘已满", "no space left on the disk"),
    errno.EFBIG: ("磁盘已满，或超出文件大小限制", "no space left, or the limit of a file's size is reached"),
    errno.EDQUOT: ("超出磁盘配额", "the disk quota is used up"),
    errno.EROFS: ("文件系统只读", "the file system is read-only"),
    errno.ENOENT: ("没有这个文件或文件夹", "no such file or folder"),
    errno.ENOTDIR: ("路径中有一段不是文件夹", "a part of the path is not a folder"),
    errno.EISDIR: ("是一个文件夹，不是文件", "it is a folder, not a file"),
    errno.EEXIST: ("已经存在", "it exists already"),
}

_DATABASE = (
    (
        ("no such table", "no such column", "undefinedtable", "undefinedcolumn"),
        "数据库还没有建表，或不是这个版本的表：先运行 duikou prepare",
        "the database has no tables yet, or not those of this version: run `duikou prepare` first",
    ),
    (
        ("is full", "no space left", "diskfull", "disk i/o error"),
        "磁盘已满或不能写入，什么都没有写入",
        "the disk is full or cannot be written to, nothing was written",
    ),
    (("locked",), "数据库正忙，请稍后再试", "the database is busy, try again later"),
    (("readonly", "read-only"), "数据库文件只读", "the database file is read-only"),
    (
        ("not a database", "malformed"),
        "数据库文件已损坏或不是数据库：用 duikou restore 恢复备份",
        "the database file is damaged or is none: bring a backup back with `duikou restore`",
    ),
    (
        ("password authentication", "no password supplied", "role "),
        "数据库不认这个用户名或密码：检查 DATABASE_URL",
        "the database refuses this user or password: check DATABASE_URL",
    ),
    (
        (
            "unable to open",
            "connection",
            "resolve",
            "translate host",
            "does not exist",
            "timeout",
            "starting up",
            "shut",
        ),
        "数据库连不上：检查它是否在运行、DATABASE_URL 是否正确",
        "the database does not answer: check that it runs and that DATABASE_URL is right",
    ),
)


@contextmanager
def told() -> Iterator[None]:
    """Ends the process with one line and an exit code when something goes wrong inside."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that knows no Chinese gets marks, not a crash
            stream.reconfigure(errors="backslashreplace")
    try:
        yield
    except (KeyboardInterrupt, click.Abort):
        _end(pick("已中止。", "Aborted."), INTERRUPTED)
    except click.UsageError as error:
        context = error.ctx
        if context is not None:
            click.echo(context.get_usage(), err=True)
        _end(pick("用法不对：", "Error: ") + error.format_message(), USAGE)
    except click.ClickException as error:
        _end(pick("错误：", "Error: ") + error.format_message(), error.exit_code)
    except Exception as error:  # noqa: BLE001 - the outermost hand: nobody sees a raw traceback
        if debugging():
            traceback.print_exc()
        message, code = explained(error)
        _end(pick("错误：", "Error: ") + " ".join(message.split()), code)


def explained(error: Exception) -> tuple[str, int]:
    """The line and the exit code for an error."""
    if isinstance(error, Refusal):
        return str(error), error.code
    if (known := _of_database(error)) is not None:
        return known, 1
    if isinstance(error, OSError) and error.errno is not None:
        zh, en = _FILES.get(error.errno, (str(error.strerror), str(error.strerror)))
        place = f"{error.filename}: " if error.filename else ""
        return place + pick(zh, en), 1
    name = type(error).__name__
    if name == "ImproperlyConfigured":
        return pick(f"配置不对：{error}", f"the configuration is wrong: {error}"), USAGE
    if name in ("CommandError", "SystemCheckError"):
        return str(error), 1
    said = getattr(error, "message", None)
    if isinstance(said, str) and hasattr(error, "status"):
        return said, 1  # a domain error: says itself what is wrong
    hint = pick("用 DUIKOU_DEBUG=1 再运行一次可看到详情", "run it again with DUIKOU_DEBUG=1 to see where")
    return pick(f"程序出错（{name}: {error}）。{hint}", f"this is a defect ({name}: {error}); {hint}"), 1


def _of_database(error: Exception) -> str | None:
    if not any(kind.__module__ in ("django.db.utils", "sqlite3") for kind in type(error).__mro__):
        return None
    cause = error.__cause__
    detail = " ".join(str(error).split()) or type(error).__name__
    searched = f"{type(cause).__name__} {detail}".lower() if cause is not None else detail.lower()
    for words, zh, en in _DATABASE:
        if any(word in searched for word in words):
            return pick(zh, en) + pick(f"（{detail[:200]}）", f" ({detail[:200]})")
    return pick(f"数据库出错（{detail[:300]}）", f"the database failed ({detail[:300]})")


def _end(line: str, code: int) -> NoReturn:
    click.echo(line, err=True)
    raise SystemExit(code)
