"""The data folder: made when it is not there, for its owner alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from config.words import Refusal

FOLDER, FILE = 0o700, 0o600
MARKS = ("secret-key", "field-key", "duikou.sqlite3", "files")
"""What shows that a folder is a data folder of ours, whose permissions are ours to set."""

PRIVATE = ("secret-key", "field-key", "duikou.sqlite3", "duikou.sqlite3-wal", "duikou.sqlite3-shm")


def opened(path: Path) -> Path:
    """`path` as a folder that this process can write to, its owner's alone; says plainly when it cannot be."""
    try:
        if not path.exists():
            path.mkdir(mode=FOLDER, parents=True)
        ours = any((path / mark).exists() for mark in MARKS) or not any(path.iterdir())
    except OSError as error:
        raise _refused(path, error) from None
    if not path.is_dir():
        raise _refused(path, NotADirectoryError())
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise _refused(path, PermissionError())
    if ours:
        _tighten_folder(path)
        for name in PRIVATE:
            tighten(path / name, FILE)
    return path


def tighten(path: Path, mode: int) -> bool:
    """Take from `path` what others may do with it, if it is ours; returns whether something was taken."""
    try:
        found = path.lstat()
    except OSError:
        return False
    if stat.S_ISLNK(found.st_mode) or found.st_uid != os.geteuid() or not found.st_mode & 0o777 & ~mode:
        return False
    with suppress(OSError):
        path.chmod(stat.S_IMODE(found.st_mode) & mode)
        return True
    return False


def mend(path: Path) -> int:
    """Tighten everything personal below the data folder (evidence, mail); returns how many entries were mended."""
    return sum(tighten(entry, FOLDER if entry.is_dir() else FILE) for entry in _personal(path))


def _personal(path: Path) -> Iterator[Path]:
    for name in ("files", "mail"):
        folder = path / name
        if folder.is_dir() and not folder.is_symlink():
            yield folder
            yield from folder.rglob("*")


def _tighten_folder(path: Path) -> None:
    """Not a folder that others share: `/tmp`, a home folder or one right below the root is left as it is."""
    with suppress(OSError, RuntimeError):
        if path.stat().st_mode & stat.S_ISVTX or len(path.parts) <= 2 or path == Path.home():
            return
        tighten(path, FOLDER)


def _refused(path: Path, error: OSError) -> Refusal:
    if isinstance(error, (NotADirectoryError, FileExistsError)):
        zh, en = "不是文件夹", "is not a folder"
    elif isinstance(error, PermissionError):
        zh, en = "没有读写权限", "cannot be written to: permission denied"
    else:
        zh, en = f"不能使用（{error.strerror}）", f"cannot be used ({error.strerror})"
    return Refusal(
        f"数据目录 {path} {zh}。用环境变量 DUIKOU_HOME 指定一个可写的文件夹。",
        f"the data folder {path} {en}. Name a folder that can be written to in DUIKOU_HOME.",
    )
