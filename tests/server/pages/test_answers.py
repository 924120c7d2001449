"""Answers that one can refer to, and answers on a map."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from kg.extract.precision import precision_of
from tests.canal import copy_canal, serve
from tests.pilot import copy_with_pilot
from tests.server.pages.conftest import Browsing
from tests.server.pages.test_looks import AXE, SERIOUS
from tests.server.pages.test_tasks import write

PARTIES = "SELECT ?party ?date { :concession kg:party ?party ; kg:date ?date }"
GEO = "http://www.opengis.net/ont/geosparql#wktLiteral"


def ask(page: Page, query: str) -> None:
    write(page, query)
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#elapsed")).to_contain_text(re.compile("in \\d"))


def test_an_answer_has_a_permalink_that_says_whether_it_holds(browsing: Browsing) -> None:
    page = browsing.open("/query")
    ask(page, PARTIES)
    record = page.get_by_role("region", name="How to cite this answer")
    link = record.get_by_role("link", name="Permalink").get_attribute("href") or ""
    given = parse_qs(urlsplit(link).query)
    assert given["query"] == [PARTIES]
    assert re.fullmatch("[0-9a-f]{64}", given["sha256"][0])
    expect(record).to_contain_text(given["build"][0])
    expect(record).to_contain_text(given["sha256"][0])

    held = browsing.open(link).locator("#held")
    expect(held).to_have_text("The answer is the one that this link was made of: same data, same result.")
    older = link.replace(given["build"][0], "0123456789abcdef")
    moved = browsing.open(older).locator("#held")
    expect(moved).to_have_text("The data have changed since this link was made; the answer is the same.")
    other = browsing.open(older.replace(given["sha256"][0], "0" * 64))
    expect(other.locator("#held")).to_contain_text(
        "The answer has changed since this link was made, on data version 0123"
    )
    expect(other.get_by_role("row", name="egypt")).to_be_visible()
    ask(other, "SELECT ?d { :opening kg:date ?d }")
    expect(other.locator("#held")).to_be_hidden()
    assert "sha256" not in other.url

    plain = browsing.open(older, scripts=False).locator("#held")
    expect(plain).to_contain_text("made of data version 0123456789abcdef; now")


def test_an_answer_has_its_bibliography(browsing: Browsing) -> None:
    page = browsing.open("/query")
    ask(page, PARTIES)
    record = page.get_by_role("region", name="How to cite this answer")
    files = {}
    for name in ("BibTeX", "CSL-JSON"):
        with page.expect_download() as started:
            record.get_by_role("link", name=name).click()
        files[started.value.suggested_filename] = started.value.path().read_text("utf-8")
    assert files["sources.bib"].startswith("@misc{canal,")
    assert [each["title"] for each in json.loads(files["sources.json"])] == ["The Canal at Suez"]


def test_answers_of_the_first_page_have_both(browsing: Browsing) -> None:
    page = browsing.open("/", scripts=False)
    card = page.locator(".questions .card")
    with page.expect_download() as started:
        card.get_by_role("link", name="BibTeX").click()
    assert started.value.suggested_filename == "home.bib"
    assert started.value.path().read_text("utf-8").startswith("@misc{canal,")
    link = card.get_by_role("link", name="permalink").get_attribute("href") or ""
    expect(browsing.open(link).locator("#held")).to_contain_text("same data, same result")


def test_yes_is_cited_too(browsing: Browsing) -> None:
    page = browsing.open("/query")
    write(page, "ASK { :concession kg:party :egypt }")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#results .big")).to_have_text("Yes")
    page.locator("#results").get_by_text("1 passage").click()
    expect(page.get_by_role("link", name="concession · party · egypt")).to_be_visible()
    expect(page.get_by_role("region", name="How to cite this answer")).to_be_visible()


def on_the_map(page: Page) -> list[str]:
    page.get_by_role("tab", name="Map").click()
    expect(page.locator("#panel svg.map path.land")).to_be_visible()
    page.locator("#panel summary").click()
    return [re.sub(r"\s+", " ", row).strip() for row in page.locator("#panel tbody tr").all_inner_texts()]


WKT = f"""SELECT ?name ?where {{ VALUES (?name ?where) {{
  ("Port Said" "POINT(32.28 31.26)"^^<{GEO}>)
  ("Greenwich" "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(51.48 0)"^^<{GEO}>)
  ("the canal" "LINESTRING(32.31 31.23, 32.58 29.93)"^^<{GEO}>) }} }}"""


def test_coordinates_become_a_map(browsing: Browsing) -> None:
    page = browsing.open("/query")
    ask(page, WKT)
    assert on_the_map(page) == [
        "Port Said 31.26° N 32.28° E",
        "Greenwich 51.48° N 0.00° E",
        "the canal 30.58° N 32.45° E",
    ]
    expect(page.locator("#panel .spot")).to_have_count(2)
    expect(page.locator("#panel .shape")).to_have_count(1)
    page.evaluate(AXE.read_text("utf-8"))
    violations = page.evaluate("axe.run()")["violations"]
    assert [each["id"] for each in violations if each["impact"] in SERIOUS] == []
    before = page.locator("#panel path.land").get_attribute("d")
    page.get_by_role("button", name="Zoom in").click()
    assert page.locator("#panel path.land").get_attribute("d") != before
    ask(page, 'SELECT ?name ?lat ?long { VALUES ?name { "Suez" } BIND(29.97 AS ?lat) BIND(-32.53 AS ?long) }')
    assert on_the_map(page) == ["Suez 29.97° N 32.53° W"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?event ?date { ?event kg:date ?date }",
        "SELECT ?n ?lat { VALUES (?n ?lat) { (1 2) } }",
        "SELECT ?a ?lat ?long { VALUES (?a ?lat ?long) { (1 95.0 200.0) } }",
        f'SELECT ?w {{ VALUES ?w {{ "POINT(1 2"^^<{GEO}> "<http://x.example/mars> POINT(1 2)"^^<{GEO}> }} }}',
    ],
)
def test_no_map_without_coordinates(browsing: Browsing, query: str) -> None:
    page = browsing.open("/query")
    ask(page, query)
    expect(page.get_by_role("tab", name="Table")).to_be_visible()
    expect(page.get_by_role("tab", name="Map")).to_have_count(0)


def test_a_browser_opens_what_needs_a_token(tmp_path: Path, browser: Browser) -> None:
    with serve(copy_canal(tmp_path / "canal"), "--token", "s3cret") as url:
        context = browser.new_context(http_credentials={"username": "me", "password": "s3cret"})
        page = context.new_page()
        page.goto(url + "/query")
        ask(page, PARTIES)
        expect(page.get_by_role("row", name="egypt")).to_be_visible()
        context.close()


def test_extracted_facts_show_what_was_measured(mapped: str, browser: Browser) -> None:
    measured = precision_of("figure.is")
    assert measured
    counts = f"({measured.right} of {measured.found})"
    right = f"{measured.share:.2f} of held-out facts of this kind were right {counts}"
    page = Browsing(mapped, browser).open("/entity/depth-1900")
    value = page.locator("dl.facts dd", has_text="10")
    chip = value.get_by_role("link", name=f"extracted, {measured.right} of {measured.found}")
    expect(chip).to_have_attribute("title", f"extracted by rule figure.is, confidence 0.87; {right}")
    expect(page.locator(".notes")).to_contain_text(f"extracted by rule figure.is, confidence 0.87; {right}")
    expect(page.locator("dl.facts dd", has_text="metre").get_by_role("link", name="extracted")).to_have_count(
        0
    )
    chip.click()
    expect(page.locator(".record").first).to_contain_text(right)
    page.goto(mapped + "/facts?about=depth-1900")
    dated = page.locator("tbody tr", has_text="1900", has=page.get_by_text("date", exact=True))
    unmeasured = "by rule model.figure, confidence 0.6; how often such facts are right was not measured"
    expect(dated.get_by_role("link", name="extracted")).to_have_attribute("title", f"extracted {unmeasured}")


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(copy_with_pilot(tmp_path_factory.mktemp("places") / "canal")) as url:
        yield url


def test_things_whose_coordinates_are_facts(mapped: str, browser: Browser) -> None:
    browsing = Browsing(mapped, browser)
    page = browsing.open("/query")
    ask(page, "SELECT ?place ?label { ?place a kg:Place ; rdfs:label ?label } ORDER BY ?label")
    assert on_the_map(page) == [
        "Port Said 31.26° N 32.28° E",
        "Suez 29.97° N 32.53° E",
    ]
    page.locator("#panel svg a", has_text="Port Said").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Port Said")
    assert browsing.faults == []
    for context in browsing.contexts:
        context.close()


def test_rows_that_rest_on_extracted_facts_say_so(mapped: str, browser: Browser) -> None:
    measured = precision_of("figure.is")
    assert measured
    page = Browsing(mapped, browser).open("/query")
    ask(page, "SELECT ?depth { :depth-1900 kg:value ?depth }")
    page.get_by_text("1 passage").click()
    expect(page.locator("#panel small").first).to_have_text(
        f"extracted by rule figure.is; {measured.share:.2f} of held-out facts of this kind were right "
        f"({measured.right} of {measured.found})"
    )
