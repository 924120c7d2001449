"""Each page's main task, as a person does it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.server.pages.conftest import Browsing


def test_home_leads_to_facts_and_answers(browsing: Browsing) -> None:
    page = browsing.open("/")
    expect(page.get_by_role("heading", name="What is known of the opening")).to_be_visible()
    row = page.get_by_role("row", name="date 1869-11-17")
    row.get_by_role("link", name="Note").click()
    expect(page.get_by_role("dialog")).to_contain_text("The canal was opened in November 1869.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("link", name="1 rejected").click()
    expect(page).to_have_url(re.compile(r"/facts\?status=rejected$"))
    expect(page.get_by_role("row", name="486")).to_be_visible()


def test_search_as_you_type_with_the_keyboard(browsing: Browsing) -> None:
    page = browsing.open("/about")
    page.keyboard.press("/")
    page.keyboard.type("egyt", delay=20)
    expect(page.get_by_role("option", name="Egypt")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Egypt")


def test_search_page_finds_passages(browsing: Browsing) -> None:
    page = browsing.open("/search?q=newspaper")
    expect(page.locator(".card q")).to_contain_text("newspaper")


def test_an_entity_shows_facts_ties_and_dates(browsing: Browsing) -> None:
    page = browsing.open("/entity/concession")
    expect(page.locator("dl.facts")).to_contain_text("Suez Canal Company")
    page.locator("dd", has_text="1856").locator("a.ref").click()
    expect(page.get_by_role("dialog").locator("q")).to_contain_text("1856")
    page.keyboard.press("Escape")
    page.locator("svg.fan a", has_text="Egypt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Egypt")


def test_what_is_rejected_stands_apart(browsing: Browsing) -> None:
    page = browsing.open("/entity/ships-1870")
    doubtful = page.locator("section.doubtful")
    expect(doubtful).to_contain_text("486")
    expect(doubtful).to_contain_text("The register of the company counts otherwise.")
    expect(page.locator("section", has=page.locator("#facts"))).not_to_contain_text("486")


def test_a_source_ties_spans_and_facts_both_ways(browsing: Browsing) -> None:
    page = browsing.open("/source/canal")
    mark = page.locator("mark[data-passages=p1]")
    mark.hover()
    expect(mark).to_have_class("hot")
    expect(page.locator("#facts-p1")).to_have_class("hot")
    page.get_by_role("link", name="Facts of passage p3").click()
    expect(page).to_have_url(re.compile("#facts-p3$"))
    page.get_by_role("link", name="Passage p4 in the text").click()
    expect(page).to_have_url(re.compile("#p4$"))
    page.locator("#facts-p1").get_by_role("link", name="date").click()
    expect(page.get_by_role("heading", level=2, name="Who says so")).to_be_visible()


def test_a_fact_tells_what_stands_against_it(browsing: Browsing) -> None:
    page = browsing.open("/facts?status=rejected")
    page.get_by_role("link", name="rejected", exact=True).click()
    expect(page.locator(".judgement")).to_contain_text("curators hold it to be wrong")
    expect(page.locator(".doubtful")).to_contain_text("500")


def test_disagreements_side_by_side(browsing: Browsing) -> None:
    page = browsing.open("/disagreements")
    cards = page.locator(".dispute .card")
    expect(cards).to_have_count(2)
    expect(cards.nth(0)).to_contain_text("486")
    expect(cards.nth(1)).to_contain_text("500")


def test_the_timeline_zooms(browsing: Browsing) -> None:
    page = browsing.open("/timeline")
    expect(page.locator("table.timeline tbody tr")).to_have_count(3)
    page.get_by_role("link", name="1860s").click()
    rows = page.locator("table.timeline tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("17 November 1869")


def test_figures_show_each_number_with_its_source(browsing: Browsing) -> None:
    page = browsing.open("/figures")
    expect(page.locator("table.chart tbody tr")).to_have_count(2)
    expect(page.locator("table.chart")).to_contain_text("“some”")
    page.locator("table.chart a.ref").first.click()
    expect(page.get_by_role("dialog").locator("q")).to_contain_text("1870")


def test_facts_are_filtered_by_a_form(browsing: Browsing) -> None:
    page = browsing.open("/facts")
    page.get_by_label("About").fill("Egipt")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("Did you mean Egypt?")
    page.get_by_label("About").fill("Egypt")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(2)


def write(page: Page, text: str) -> None:
    page.locator(".editor .cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def test_a_query_is_run_shown_and_shared(browsing: Browsing) -> None:
    page = browsing.open("/query?name=home")
    expect(page.locator("#elapsed")).to_have_text(re.compile(r"^2 rows in \d+\.\d\d s$"))
    write(
        page,
        "SELECT ?event ?date ?place WHERE { ?event kg:date ?date OPTIONAL { ?event kg:location ?place } }",
    )
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("#elapsed")).to_contain_text("4 rows")
    page.get_by_role("tab", name="Timeline").click()
    expect(page.locator("#panel svg.band")).to_have_count(4)
    page.get_by_role("tab", name="Graph").click()
    expect(page.locator("#panel svg circle")).to_have_count(2)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")
    shared = browsing.open(page.url.removeprefix(browsing.url))
    expect(shared.locator("#elapsed")).to_contain_text("4 rows")


def test_each_row_shows_what_it_rests_on(browsing: Browsing) -> None:
    page = browsing.open("/query")
    write(page, "SELECT ?party ?date { :concession kg:party ?party ; kg:date ?date }")
    page.get_by_role("button", name="Run").click()
    row = page.get_by_role("row", name="egypt")
    row.get_by_text("1 passage").click()
    expect(row.get_by_role("link", name="concession · party · egypt")).to_be_visible()
    expect(row.locator("q").first).to_contain_text("1856")
    expect(page.get_by_role("link", name="BibTeX")).to_have_attribute("href", re.compile("A.%20N.%20Author"))
    row.get_by_role("link", name="concession · date · 1856").click()
    expect(page.get_by_role("heading", name="Who says so")).to_be_visible()


def test_numbers_become_a_chart(browsing: Browsing) -> None:
    page = browsing.open("/query")
    write(page, "SELECT ?figure ?value WHERE { ?figure kg:value ?value }")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("tab", name="Chart").click()
    expect(page.locator("#panel .figure").nth(0)).to_have_text("500")
    shown = "getComputedStyle(document.querySelector('#panel rect')).fill"
    assert page.evaluate(shown) == "rgb(27, 90, 122)"


def test_completion_knows_this_graph(browsing: Browsing) -> None:
    page = browsing.open("/query")
    for typed, offered in (
        ("kg:Agre", "kg:Agreement"),
        ("kg:loc", "kg:location"),
        ("suez", "Suez Canal Company"),
    ):
        write(page, "SELECT * WHERE { ?s ?p ")
        page.keyboard.type(typed, delay=30)
        expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text(offered)
        page.keyboard.press("Escape")


def test_errors_are_marked_where_they_are(browsing: Browsing) -> None:
    page = browsing.open("/query")
    write(page, "SELECT * WHERE {\n  ?s kg:date }")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2")
    expect(page.locator(".cm-lintRange-error, .cm-lintPoint-error").first).to_be_attached()
    # A browser notes every answer that is no success; this one is what the test is about.
    assert [fault for fault in browsing.faults if "400" not in fault] == []
    browsing.faults.clear()


def test_a_query_can_be_cancelled(browsing: Browsing) -> None:
    page = browsing.open("/query")
    write(page, "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#elapsed")).to_have_text("Cancelled")


def test_dark_and_light_are_a_choice_that_lasts(browsing: Browsing) -> None:
    page = browsing.open("/")
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)
    page.get_by_role("button", name="Dark or light").click()
    after = page.evaluate(paper)
    assert before != after
    page.reload()
    assert page.evaluate(paper) == after


@pytest.mark.parametrize(
    "path", ["/", "/entity/concession", "/source/canal", "/facts", "/timeline", "/figures"]
)
def test_pages_read_well_without_scripts(browsing: Browsing, path: str) -> None:
    page = browsing.open(path, scripts=False)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    reference = page.locator("a.ref").first
    if reference.count():
        target = reference.get_attribute("href") or ""
        assert page.locator(target).count() == 1


def test_a_query_works_without_scripts(browsing: Browsing) -> None:
    page = browsing.open("/query?name=home", scripts=False)
    page.get_by_label("Format").select_option("json")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("body")).to_contain_text("1869-11-17")


RUN = """(code) => {
  const lines = [];
  const console = { log: (...words) => lines.push(words.join(" ")) };
  const Async = Object.getPrototypeOf(async function () {}).constructor;
  return new Async("console", code)(console).then(() => lines);
}"""


def test_another_origin_reads_the_json(browsing: Browsing, elsewhere: str) -> None:
    """What the page about the API says of JavaScript, run on a page of another origin."""
    page = browsing.open("/about")
    code = page.locator('code[data-language="javascript"]').text_content() or ""
    foreign = page.context.new_page()
    foreign.goto(elsewhere)
    assert foreign.evaluate("origin") == elsewhere.rstrip("/") != browsing.url
    assert foreign.evaluate(RUN, code) == ["date 1869-11-17", "location Suez Canal"]
