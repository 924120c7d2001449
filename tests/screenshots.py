"""Pictures of the pages for the documentation: `make screenshots` takes them anew.

They are of the shipped corpus, built without the originals, so they hold no sentence of the articles.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Playwright, sync_playwright

from kg.graph.build import build
from kg.project import Project
from tests.canal import serve

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "screenshots"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SHOTS = {
    "home": ("/", 1280, False),
    "entity": ("/entity/treaty-of-aigun", 1280, False),
    "disagreements": ("/disagreements", 1280, True),
    "timeline": ("/timeline?earliest=1980-01-01", 1280, False),
    "query": ("/query?name=sco", 1280, True),
    "narrow": ("/entity/sco", 390, False),
}
"""By file name: path, width, dark or not."""


def main() -> None:
    """Serve the shipped project and take every picture."""
    TARGET.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        outcome = build(Project.open(ROOT), Path(folder))
        with serve(ROOT, "--build", str(outcome.path)) as url:
            _take_all(playwright, url)


def _take_all(playwright: Playwright, url: str) -> None:
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
    for name, (path, width, dark) in SHOTS.items():
        _take(browser, url + path, width, dark, TARGET / f"{name}.jpg")
    browser.close()


def _take(browser: Browser, url: str, width: int, dark: bool, file: Path) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 860}, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file, type="jpeg", quality=70)
    context.close()


if __name__ == "__main__":
    main()
