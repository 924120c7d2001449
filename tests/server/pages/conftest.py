"""A browser, and a service with the small project. Where Chromium is absent, that is said aloud."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from kg.server.pages.render import STATIC
from tests.canal import copy_canal, serve

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HERE = Path(__file__).parent
LEFT_OUT: list[str] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if CHROMIUM:
        return
    browsing = [item for item in items if "browsing" in getattr(item, "fixturenames", ())]
    LEFT_OUT.extend(item.nodeid for item in browsing)
    config.hook.pytest_deselected(items=browsing)
    items[:] = [item for item in items if item not in browsing]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if LEFT_OUT:
        terminalreporter.section("NO CHROMIUM", sep="!", red=True)
        terminalreporter.line(f"{len(LEFT_OUT)} tests of the pages were not run: apt-get install chromium")


@dataclass
class Browsing:
    """Opens pages, and notes what should never happen on any of them."""

    url: str
    browser: Browser
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, path: str, width: int = 1280, dark: bool = False, scripts: bool = True) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8_000)
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.faults.append(f"{path}: {error}"))
        page.on("request", self._check)
        page.goto(self.url + path)
        return page

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"console: {message.text}")

    def _check(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:")):
            self.faults.append(f"foreign request: {request.url}")


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[str]:
    """A page of another origin."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>elsewhere</title><link rel=icon href=data:,>")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assert (STATIC / "query.js").is_file(), "Run `make web` first."
    root = copy_canal(tmp_path_factory.mktemp("pages") / "canal")
    with serve(root) as url:
        yield url


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends with these tests: while Playwright is there, its event loop runs in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browsing(site: str, browser: Browser) -> Iterator[Browsing]:
    """At the end of each test there was no error in the console and no request to another host."""
    browsing = Browsing(site, browser)
    yield browsing
    for context in browsing.contexts:
        context.close()
    assert browsing.faults == []
