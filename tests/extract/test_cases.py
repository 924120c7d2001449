"""The development cases: the extractor may not get worse. Held-out ones are scored by hand."""

from __future__ import annotations

from pathlib import Path

from kg.extract.candidate import KINDS
from kg.extract.document import Document
from kg.extract.evaluate import Report, evaluate, interval, read_cases, reliability_table, table
from kg.extract.extractor import extract
from kg.extract.matching import Fact, Matcher

CASES = Path(__file__).parent / "cases" / "dev"


def test_precision_and_recall_on_the_development_cases() -> None:
    cases = read_cases(CASES)
    assert len(cases) >= 400
    assert {fact.kind for case in cases for fact in case.facts} == set(KINDS)
    report = evaluate(cases, extract)
    assert report.total.precision >= 0.95
    assert report.total.recall >= 0.68
    assert "| **all** |" in table(report)
    assert "| 0.90 – 0.95 |" in reliability_table(report)


def one(**roles: str) -> Fact:
    return Fact("agreement", {role: tuple(value.split("|")) for role, value in roles.items()})


def test_what_says_less_matches_relaxed_but_not_exactly() -> None:
    matcher = Matcher()
    expected = one(party="Kenya|Uganda", date="2018-05-12")
    assert matcher.relaxed(one(party="Kenya|Uganda", date="2018"), expected)
    assert not matcher.exact(one(party="Kenya|Uganda", date="2018"), expected)
    assert matcher.exact(one(party="Uganda|Kenya", date="2018-05-12"), expected)


def test_what_says_otherwise_does_not_match() -> None:
    matcher = Matcher()
    expected = one(party="Kenya|Uganda", date="2018")
    assert not matcher.relaxed(one(party="Kenya|Uganda", date="2019"), expected)
    assert not matcher.relaxed(one(party="Kenya|Rwanda", date="2018"), expected)


def test_a_state_is_the_same_by_its_adjective() -> None:
    assert Matcher().relaxed(one(party="Kenya|Uganda"), one(party="Kenyan|Ugandan"))


def test_a_report_counts_misses_and_false_facts() -> None:
    cases = [case for case in read_cases(CASES) if case.id == "agreement-001"]
    silent = evaluate(cases, lambda _: [])
    assert (silent.total.expected, silent.total.found, len(silent.missed)) == (1, 0, 1)
    wrong = evaluate(cases, lambda _: extract(Document("Chile and Peru signed a trade treaty in 1999.")))
    assert (wrong.total.precision, len(wrong.false), len(wrong.missed)) == (0.0, 1, 1)
    assert wrong.as_json()["all"]["found"] == 1  # type: ignore[index]


def test_the_interval_of_a_share() -> None:
    assert interval(0, 0) == (0.0, 1.0)
    low, high = interval(90, 100)
    assert (round(low, 3), round(high, 3)) == (0.826, 0.945)


def test_a_rule_earns_nine_tenths_only_on_many_cases() -> None:
    rules = {"few": [12, 12], "many": [200, 199], "poor": [20, 14], "untried": [0, 0]}
    earned = Report(rules=rules).calibration()
    assert earned == {"few": 0.89, "many": 0.988, "poor": 0.729, "untried": 0.8}


def test_an_empty_report_is_perfect_on_nothing() -> None:
    assert (Report().total.precision, Report().total.recall) == (1.0, 1.0)
