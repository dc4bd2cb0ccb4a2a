"""The site as `make run` starts it, a browser, and a page that fails the journey when its console complains."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests import oidc
from tests.journeys import chromium
from tests.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "duikou-2017-demo"
START_WITHIN = 180.0
expect.set_options(timeout=15_000)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
]


@dataclass(frozen=True)
class Site:
    """A running site."""

    address: str
    home: Path

    def do(self, code: str) -> str:
        """What passing time or another administrator would do, in a shell of the site; returns what it prints."""
        environment = {**os.environ, "DUIKOU_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "-m", "config", "django", "shell", "-c", code]
        return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def identity() -> Iterator[oidc.Provider]:
    """The OpenID provider that the site knows, which meets the site by HTTP only."""
    people = {
        "cadre": {"email": "cadre@example.com", "email_verified": True, "name": "郑文博"},
        "stranger": {"email": "stranger@example.org", "email_verified": True, "name": "生人"},
    }
    provider = oidc.Provider(people)
    yield provider
    provider.stop()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, identity: oidc.Provider) -> Iterator[Site]:
    """`duikou run` on a free port with a data folder of its own: real server, worker, static files and records."""
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    environment = {
        **os.environ,
        "DUIKOU_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DUIKOU_OIDC_URL": identity.address,
        "DUIKOU_OIDC_NAME": "统一身份认证",
        "DUIKOU_OIDC_CLIENT_ID": oidc.CLIENT,
        "DUIKOU_OIDC_SECRET": oidc.SECRET,
        "DUIKOU_OIDC_TRUST_EMAIL": "1",
    }
    log = home / "run.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "config", "run", "--port", str(port)],
            cwd=ROOT,
            env={**environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    watchdog = threading.Timer(START_WITHIN, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "Ctrl-C" in line:
                break
        else:
            pytest.fail(f"the site did not start:\n{log.read_text()[-4000:]}")
        watchdog.cancel()
        yield Site(f"http://127.0.0.1:{port}", home)
    finally:
        watchdog.cancel()
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
    unexpected = [
        line[:300] + " … " + line[-700:] for line in log.read_text().splitlines() if '"level": "error"' in line
    ]
    assert not unexpected, "\n".join(unexpected)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is missing: apt-get install chromium-headless-shell fonts-noto-cjk")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield running
        running.close()


@dataclass
class Visitor:
    """A page in a browser window of its own, and what its console said."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def go(self, path: str, *, status: int = 200) -> None:
        """Open `path`; it must answer `status`."""
        if status >= 400:
            self.expected.append(str(status))
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"

    def sign_in(self, username: str, *, to: str = "/") -> None:
        """Sign in with the demonstration password; the person lands on the page they came for."""
        self.page.goto(f"{self.address}/accounts/login/?next={to}")
        self.page.locator("input[name=login]").fill(username)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("form:has(input[name=password]) [type=submit]").click()
        expect(self.page).not_to_have_url(re.compile("/accounts/login/"))

    def has_no_sideways_scroll(self) -> bool:
        """Whether the page fits the window's width."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"))

    def heard(self, message: ConsoleMessage) -> None:
        """Keep what the console complains of, but for the refusals that the journey provokes."""
        text = message.text
        provoked = "Failed to load resource" in text and any(f"status of {code}" in text for code in self.expected)
        if message.type in {"error", "warning"} and not provoked:
            self.complaints.append(f"{message.type}: {text} ({message.location.get('url', '')})")


@pytest.fixture
def visit(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """Open windows: `visit("coordinator")` is signed in, `visit()` is nobody; `phone=True` is 360 px wide."""
    opened: list[tuple[BrowserContext, Visitor]] = []

    def opener(username: str = "", *, to: str = "/", phone: bool = False, locale: str = "zh-CN") -> Visitor:
        size = {"width": 360, "height": 740} if phone else {"width": 1366, "height": 860}
        context = browser.new_context(viewport=size, locale=locale, timezone_id="Asia/Shanghai", accept_downloads=True)
        context.set_default_timeout(15_000)
        visitor = Visitor(context.new_page(), site.address)
        visitor.page.on("console", visitor.heard)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(f"script: {error}"))
        opened.append((context, visitor))
        if username:
            visitor.sign_in(username, to=to)
        return visitor

    yield opener
    for context, _visitor in opened:
        context.close()
    complaints = [text for _, visitor in opened for text in visitor.complaints]
    assert not complaints, "\n".join(complaints)
