"""Docs cannot rot: every command, query, term and dependency is documented, and pages are current."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pyoxigraph as ox

from kg.cli import commands
from kg.cli.manual import manual
from kg.facts.fact import fact_key
from kg.facts.reference import reference
from kg.graph.build import Reading
from kg.graph.queries import read_queries
from kg.project import Project

ROOT = Path(__file__).parent.parent


def test_the_page_of_terms_is_current() -> None:
    assert (ROOT / "docs" / "ontology.md").read_text("utf-8") == reference(ROOT / "ontology")


def test_the_page_of_settings_is_current() -> None:
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == manual("serve")


def test_every_query_answers_a_competency_question() -> None:
    text = (ROOT / "ontology" / "README.md").read_text("utf-8")
    row = r"^\| (.+) \| \[`[a-z0-9-]+`\]\(\.\./queries/([a-z0-9-]+)\.rq\) \|$"
    listed = dict(re.findall(row, text, re.MULTILINE))
    queries = {query.summary: query.name for query in read_queries(ROOT / "queries")}
    assert listed == queries
    assert len(queries) >= 30


def test_every_command_and_option_is_in_the_manual() -> None:
    text = "".join((ROOT / "docs" / name).read_text("utf-8") for name in ("commands.md", "settings.md"))
    assert len(commands.commands) >= 6
    for name, command in commands.commands.items():
        assert f"## kg {name}" in text
        for option in command.params:
            if isinstance(option, click.Option):
                assert f"`{option.opts[0]}" in text, f"kg {name} {option.opts[0]}"


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    groups = [project["dependencies"], *project.get("optional-dependencies", {}).values()]
    named = {re.split(r"[\[>=<;]", item)[0] for group in groups for item in group}
    assert len(named) >= 15
    missing = {name for name in named if not name.startswith(("types-", "citable-kg")) and name not in text}
    assert missing == set()


def test_links_between_pages_lead_somewhere() -> None:
    foreign = {".venv", "node_modules"}
    pages = [path for path in ROOT.rglob("*.md") if foreign.isdisjoint(path.parts)]
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
    ]
    assert len(links) > 30
    assert [(str(page), link) for page, link in links if not (page.parent / link).exists()] == []


def test_the_examples_of_modelling_are_facts_of_the_corpus(shipped: Project) -> None:
    text = (ROOT / "ontology" / "README.md").read_text("utf-8")
    blocks = re.findall(r"```turtle\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 8
    ledger = Reading.of(shipped).ledger
    prefixes = "".join(f"@prefix {name}: <{space}> .\n" for name, space in shipped.prefixes.items())
    plain = prefixes + re.sub(r"\{\|.*?\|\}", "", "\n".join(blocks), flags=re.DOTALL)
    triples = [quad.triple for quad in ox.parse(input=plain, format=ox.RdfFormat.TURTLE)]
    assert len(triples) > 25
    stated = {*ledger.facts} | {
        f"<{entity.iri}> {predicate} {value} ."
        for entity in ledger.entities.values()
        for predicate, value in entity.others
    }
    assert [fact_key(triple) for triple in triples if fact_key(triple) not in stated] == []
