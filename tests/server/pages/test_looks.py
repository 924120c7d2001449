"""Every page at two widths, in light and dark: nobody is kept out, and nothing runs over the edge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.pages.conftest import Browsing

AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = [
    *("/", "/search?q=suez", "/entities", "/facts", "/sources", "/disagreements", "/timeline", "/figures"),
    *(
        "/query?name=home",
        "/downloads",
        "/about",
        "/entity/concession",
        "/entity/ships-1870",
        "/source/canal",
    ),
    "/fact/",
]
CONTRAST = {"runOnly": ["color-contrast"]}
LOOKS = ((1280, False, {}), (1280, True, CONTRAST), (390, False, CONTRAST), (390, True, {}))
"""Width, dark or not, and which rules: what does not hang on colour is looked at once a width."""
SERIOUS = {"serious", "critical"}


@pytest.mark.parametrize("path", PAGES)
def test_accessible_at_two_widths_in_light_and_dark(browsing: Browsing, path: str) -> None:
    if path == "/fact/":
        found = browsing.open("/facts?status=rejected")
        path = found.locator("a.chip").first.get_attribute("href") or ""
    page = browsing.open(path)
    page.evaluate(AXE.read_text("utf-8"))
    for width, dark, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        violations = page.evaluate("(rules) => axe.run(rules)", rules)["violations"]
        serious = [
            (each["id"], node["html"], node["failureSummary"])
            for each in violations
            if each["impact"] in SERIOUS
            for node in each["nodes"]
        ]
        assert serious == [], (width, dark)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, (width, dark)


def test_nothing_inline_and_nothing_foreign_is_allowed(browsing: Browsing) -> None:
    page = browsing.open("/query")
    response = page.request.get(browsing.url + "/query")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    text = response.text()
    assert "<style" not in text
    assert " style=" not in text
    assert "<script>" not in text
