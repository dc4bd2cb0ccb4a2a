"""A temporary PostgreSQL cluster: `python -m tests.postgres -- command…` runs a command with DATABASE_URL set to it.

The cluster lives in a temporary folder, on a free port of 127.0.0.1, and is gone when the command ends. PostgreSQL
refuses to run as root, so root hands it to an unprivileged user (`postgres`, else `nobody`).
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

NAME = "duikou"
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "20s",
}


class Missing(RuntimeError):
    """No PostgreSQL server is installed on this machine."""


def binaries() -> Path:
    """The folder of the newest installed server's programs; raises `Missing` when there is none."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda found: int(found.parts[-3]))
    if packaged:
        return packaged[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    raise Missing("no PostgreSQL server found (Debian: apt-get install postgresql)")


def free_port() -> int:
    """A port on 127.0.0.1 that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _server_user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise Missing("root needs an unprivileged user (postgres or nobody) to run the server")


def _run(command: Sequence[str], user: str | None, cwd: Path) -> None:
    done = subprocess.run(command, user=user, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr or done.stdout}")


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """A running cluster; yields the DATABASE_URL of its empty database `duikou`."""
    programs, user, port = binaries(), _server_user(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="duikou-postgres-"))
    data = folder / "data"
    try:
        if user:
            shutil.chown(folder, user)
        _run(
            [
                str(programs / "initdb"),
                "--locale=C.UTF-8",
                "--encoding=UTF8",
                "--auth=trust",
                f"--username={NAME}",
                "--no-sync",
                f"--pgdata={data}",
            ],
            user,
            folder,
        )
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        start = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {options}"
        log = str(folder / "log")
        control = str(programs / "pg_ctl")
        _run([control, f"--pgdata={data}", "--wait", f"--log={log}", f"--options={start}", "start"], user, folder)
        try:
            _run(
                [str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", NAME, NAME],
                user,
                folder,
            )
            yield f"postgres://{NAME}@127.0.0.1:{port}/{NAME}"
        finally:
            _run([control, f"--pgdata={data}", "--mode=immediate", "--wait", "stop"], user, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: Sequence[str]) -> int:
    """Run the command after `--` against a temporary cluster and pass on its exit code."""
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    if not command:
        sys.stderr.write("usage: python -m tests.postgres -- command…\n")
        return 2
    with cluster() as address:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
