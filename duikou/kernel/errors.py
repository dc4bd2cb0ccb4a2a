"""Errors that people can act on: each has a code, a status and a translated sentence."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """Something a person can understand and mend; rendered once, by the error middleware.

    `data["way"]`, a label and an address, is a button on the page that leads on.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    default: ClassVar[object] = _("请求无法处理。")

    def __init__(self, message: object = "", **data: object) -> None:
        self.message = str(message or self.default)
        self.data = data
        super().__init__(self.message)


class Invalid(DomainError):
    """Input that breaks a rule; `fields` maps a field name to its messages ("" = the whole form)."""

    code = "invalid"
    status = 400
    default = _("填写的内容有误。")

    def __init__(self, message: object = "", *, fields: Mapping[str, Sequence[object]] | None = None) -> None:
        self.fields = {name: [str(text) for text in texts] for name, texts in (fields or {}).items()}
        first = next((texts[0] for texts in self.fields.values() if texts), "")
        super().__init__(message or first, fields=self.fields)


class Forbidden(DomainError):
    """A known person without the right; the message says why."""

    code = "forbidden"
    status = 403
    default = _("您没有这项权限。")


class NotFound(DomainError):
    """Not there, or not there for this viewer: the two are never told apart."""

    code = "not_found"
    status = 404
    default = _("没有找到这个页面或记录。")


class Conflict(DomainError):
    """The state of things does not allow this step any more."""

    code = "conflict"
    status = 409
    default = _("当前状态不允许这一步操作。")


class Stale(Conflict):
    """Somebody else changed the record since it was read."""

    code = "stale"
    default = _("这条记录已被他人修改，请刷新后再试。")


class TooLarge(DomainError):
    """More bytes, rows or columns than the limit allows."""

    code = "too_large"
    status = 413
    default = _("上传的内容超过了大小限制。")


class NoSpace(DomainError):
    """The server's disk (or the quota of its account) is used up; nothing was kept."""

    code = "no_space"
    status = 507
    default = _("服务器的磁盘已满，什么都没有保存。请告诉系统管理员，腾出空间后再试。")


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LEAST = 256 * 1024
"""Bytes: what SQLite needs to open a database, and some."""


def no_space(error: BaseException | None) -> NoSpace | None:
    """What to tell people when `error` says, from the file system or the database, that there is no room."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return NoSpace()
    if error is not None and type(error).__name__ == "OperationalError":
        said = f"{error} {type(error.__cause__).__name__}"
        if "is full" in said or "DiskFull" in said or ("disk I/O error" in said and _is_full()):
            return NoSpace()
    return None


def _is_full() -> bool:
    """Whether the disk of the data folder has no room: then SQLite cannot even make the files beside its database."""
    try:
        return shutil.disk_usage(settings.HOME).free < _LEAST
    except OSError:  # the folder itself is gone: another trouble
        return False


class Busy(DomainError):
    """The database is held by others' writes, or ended this one in favour of theirs; trying again helps."""

    code = "busy"
    status = 503
    default = _("系统正忙，请稍后再试。您填写的内容没有保存。")


_HELD = ("locked", "deadlock", "could not serialize", "lock timeout")


def busy(error: BaseException | None) -> Busy | None:
    """What to tell people when `error` says that the database is held by others: SQLite's lock, PostgreSQL's rings."""
    if type(error).__name__ == "OperationalError" and any(word in str(error) for word in _HELD):
        return Busy()
    return None


class Unavailable(DomainError):
    """The database does not answer; nothing that people did is wrong."""

    code = "unavailable"
    status = 503
    default = _("系统暂时连不上数据库，已记录。请稍后再试；如果一直这样，请把错误编号告诉管理员。")


_GONE = ("connection", "unable to open", "server closed", "starting up", "shutting down")


def unavailable(error: BaseException | None) -> Unavailable | None:
    """What to tell people when `error` says that the database cannot be reached."""
    if type(error).__name__ in ("OperationalError", "InterfaceError") and any(word in str(error) for word in _GONE):
        return Unavailable()
    return None


class TooMany(DomainError):
    """More requests than the limit allows."""

    code = "too_many"
    status = 429
    default = _("操作过于频繁，请稍后再试。")
