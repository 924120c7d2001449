from __future__ import annotations

import hashlib

import pyoxigraph as ox
import pytest

from kg.facts.fact import Citation, Fact, canonical, fact_key
from kg.terms import XSD, Method, Stance, Verdict

A, P = ox.NamedNode("https://x.example/a"), ox.NamedNode("https://x.example/p")


def number(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (number("01", "integer"), f'"1"^^<{XSD}integer>'),
        (number("1.50", "decimal"), f'"1.5"^^<{XSD}decimal>'),
        (number("90000000000", "decimal"), f'"90000000000"^^<{XSD}decimal>'),
        (ox.Literal("a\n“b”", language="en"), '"a\\n“b”"@en'),
        (ox.Literal("x"), '"x"'),
        (A, "<https://x.example/a>"),
    ],
)
def test_canonical(term: ox.NamedNode | ox.Literal, text: str) -> None:
    assert canonical(term) == text


def test_hash_is_of_the_canonical_triple() -> None:
    one, other = (fact_key(ox.Triple(A, P, number(text, "integer"))) for text in ("7", "007"))
    assert one == other == f'<https://x.example/a> <https://x.example/p> "7"^^<{XSD}integer> .'
    fact = Fact(one, str(A), str(P), "")
    assert fact.hash == hashlib.sha256(one.encode()).hexdigest()[:32]


@pytest.mark.parametrize(
    ("stances", "method", "verdict"),
    [
        ([Stance.STATES], Method.CURATED, Verdict.ACCEPTED),
        ([Stance.REPORTS], Method.CURATED, Verdict.ACCEPTED),
        ([Stance.ESTIMATES], Method.CURATED, Verdict.ACCEPTED),
        ([Stance.CLAIMS], Method.CURATED, Verdict.UNVERIFIED),
        ([Stance.PREDICTS], Method.CURATED, Verdict.UNVERIFIED),
        ([Stance.DENIES], Method.CURATED, Verdict.UNVERIFIED),
        ([Stance.DENIES, Stance.STATES], Method.CURATED, Verdict.ACCEPTED),
        ([Stance.STATES], Method.EXTRACTED, Verdict.UNVERIFIED),
    ],
)
def test_verdict_follows_from_the_citations(stances: list[Stance], method: Method, verdict: Verdict) -> None:
    fact = Fact("", "", "", "")
    fact.citations = {Citation("p", "s", stance, method) for stance in stances}
    assert fact.verdict is verdict
    fact.judgement = Verdict.REJECTED
    assert fact.verdict is Verdict.REJECTED
