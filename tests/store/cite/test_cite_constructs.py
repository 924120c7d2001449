"""What each construct of SPARQL rests on: on the small project, to be checked by eye.

A fact is written here as its subject, predicate and object in short; a row as its values in short.
"""

from __future__ import annotations

import re

import pytest

from kg.errors import QueryError, QueryRefused
from kg.store.build import Build
from kg.store.cite.answer import CitedAnswer
from kg.store.cite.citer import Citer, cited

OPENED = "opening date 1869-11-17"
AT_SUEZ = "opening location suez-canal"
CONCEDED = "concession date 1856"
EGYPT = "concession party egypt"
COMPANY = "concession party suez-canal-company"
NATIONALISED = "nationalisation date 1956"
ACTOR = "nationalisation actor egypt"
TARGET = "nationalisation target suez-canal-company"
SHARES = "suez-canal-company description Its shares were worthless."
COUNTED = "ships-1870 indicator passages-of-ships"
OF_CANAL = "ships-1870 of suez-canal"
SHIPS = "ships-1870 date 1870"
VALUE = "ships-1870 value 500"
REJECTED = "ships-1870 value 486"

Expected = dict[str, list[set[str]]]
CASES: dict[str, tuple[str, Expected]] = {
    # Basic graph patterns (SPARQL 1.1 §5)
    "one triple": ("SELECT ?d { :opening kg:date ?d }", {"1869-11-17": [{OPENED}]}),
    "a join": (
        "SELECT ?e ?d { ?e kg:location :suez-canal ; kg:date ?d }",
        {"opening 1869-11-17": [{OPENED, AT_SUEZ}]},
    ),
    "blank nodes": ("SELECT ?d { [] kg:location [] ; kg:date ?d }", {"1869-11-17": [{OPENED, AT_SUEZ}]}),
    "a blank node's properties": (
        "SELECT ?d { ?e kg:date ?d ; kg:location [ a kg:Place ] }",
        {"1869-11-17": [{OPENED, AT_SUEZ}]},
    ),
    "any property": (
        "SELECT ?p { :opening ?p :suez-canal }",
        {"location": [{AT_SUEZ}]},
    ),
    "no fact": ("SELECT ?l { :egypt rdfs:label ?l }", {"Egypt": []}),
    "a label beside a fact": (
        "SELECT ?l { :nationalisation kg:actor/rdfs:label ?l }",
        {"Egypt": [{ACTOR}]},
    ),
    # FILTER (§3, §8)
    "FILTER": ('SELECT ?e { ?e kg:date ?d FILTER(STR(?d) < "1860") }', {"concession": [{CONCEDED}]}),
    "FILTER EXISTS": (
        "SELECT ?e { ?e a kg:Event FILTER EXISTS { ?e kg:actor ?a } }",
        {"nationalisation": [{ACTOR}]},
    ),
    "FILTER EXISTS with a condition on both": (
        "SELECT ?e { ?e a kg:Agreement ; kg:party ?p FILTER EXISTS { ?e kg:party ?q FILTER(?p != ?q) } "
        "FILTER(?p = :egypt) }",
        {"concession": [{EGYPT, COMPANY}]},
    ),
    "two EXISTS": (
        "SELECT ?p { ?p a kg:Polity FILTER(EXISTS { :concession kg:party ?p } && "
        "(EXISTS { :nationalisation kg:actor ?p })) }",
        {"egypt": [{EGYPT, ACTOR}]},
    ),
    "FILTER NOT EXISTS": (
        "SELECT ?e { ?e kg:date ?d ; a kg:Event FILTER NOT EXISTS { ?e kg:actor ?a } }",
        {"opening": [{OPENED}]},
    ),
    # OPTIONAL (§6)
    "OPTIONAL": (
        "SELECT ?e ?p { ?e kg:date ?d ; a kg:Event OPTIONAL { ?e kg:location ?p } }",
        {"opening suez-canal": [{OPENED, AT_SUEZ}], "nationalisation -": [{NATIONALISED}]},
    ),
    "OPTIONAL that binds nothing": (
        "SELECT ?e { ?e kg:date ?d ; a kg:Event OPTIONAL { ?e kg:location :suez-canal } }",
        {"opening": [{OPENED, AT_SUEZ}], "nationalisation": [{NATIONALISED}]},
    ),
    "OPTIONAL with a condition that fails": (
        "SELECT ?e { ?e a kg:Agreement ; kg:date ?d OPTIONAL { ?e kg:party ?p FILTER(?d = 1) } }",
        {"concession": [{CONCEDED}]},
    ),
    # UNION (§7)
    "UNION": (
        "SELECT ?x { { :concession kg:party ?x } UNION { :nationalisation kg:target ?x } }",
        {"egypt": [{EGYPT}], "suez-canal-company": [{COMPANY}, {TARGET}]},
    ),
    "UNION whose branches bind the same": (
        "SELECT DISTINCT ?x { ?x a kg:Polity { ?x ^kg:party :concession } UNION { ?x ^kg:actor [] } }",
        {"egypt": [{EGYPT}, {ACTOR}]},
    ),
    # MINUS (§8.2)
    "MINUS": (
        "SELECT ?x { :concession kg:party ?x MINUS { :nationalisation kg:target ?x } }",
        {"egypt": [{EGYPT}]},
    ),
    # Property paths (§9)
    "a sequence": ("SELECT ?d { :suez-canal ^kg:location/kg:date ?d }", {"1869-11-17": [{OPENED, AT_SUEZ}]}),
    "an alternative": (
        "SELECT ?x { :nationalisation kg:actor|kg:target ?x }",
        {"egypt": [{ACTOR}], "suez-canal-company": [{TARGET}]},
    ),
    "an alternative in a sequence": (
        "SELECT DISTINCT ?e { ?e (kg:actor|kg:party|kg:target)/a kg:Polity }",
        {"nationalisation": [{ACTOR}], "concession": [{EGYPT}]},
    ),
    "zero or one": (
        "SELECT ?x { :nationalisation kg:actor? ?x }",
        {"nationalisation": [], "egypt": [{ACTOR}]},
    ),
    "one or more": (
        "SELECT ?x { :opening (kg:location|^kg:of|kg:indicator)+ ?x FILTER(?x = :passages-of-ships) }",
        {"passages-of-ships": [{AT_SUEZ, OF_CANAL, COUNTED}]},
    ),
    "zero or more": (
        "SELECT ?x { :opening kg:location* ?x }",
        {"opening": [], "suez-canal": [{AT_SUEZ}]},
    ),
    "a negated set": (
        "SELECT ?x { :nationalisation !(kg:date|kg:earliest|kg:latest|rdf:type|rdfs:label|kg:actor) ?x }",
        {"suez-canal-company": [{TARGET}]},
    ),
    "a negated set backwards": (
        "SELECT ?x { :egypt !(^kg:party|^rdf:object) ?x }",
        {"nationalisation": [{ACTOR}]},
    ),
    # Assignment (§10)
    "BIND": (
        "SELECT ?y { :opening kg:date ?d BIND(SUBSTR(STR(?d), 1, 4) AS ?y) }",
        {"1869": [{OPENED}]},
    ),
    "VALUES": (
        "SELECT ?e ?d { VALUES ?e { :opening :concession } ?e kg:date ?d }",
        {"opening 1869-11-17": [{OPENED}], "concession 1856": [{CONCEDED}]},
    ),
    "VALUES at the end": (
        "SELECT ?e ?d { ?e kg:date ?d } VALUES ?e { :opening }",
        {"opening 1869-11-17": [{OPENED}]},
    ),
    "an expression that is shown": (
        "SELECT (STRLEN(STR(?d)) AS ?n) { :opening kg:date ?d }",
        {"10": [{OPENED}]},
    ),
    "only constants": ("SELECT ?x { BIND(1 AS ?x) }", {"1": []}),
    # Aggregates (§11)
    "COUNT": ("SELECT (COUNT(*) AS ?n) { ?e kg:party ?x }", {"2": [{EGYPT, COMPANY}]}),
    "COUNT of nothing": ("SELECT (COUNT(*) AS ?n) { ?e kg:borders ?x }", {"0": []}),
    "COUNT of constants": ("SELECT (COUNT(*) AS ?n) { :concession kg:party :egypt }", {"1": [{EGYPT}]}),
    "GROUP BY": (
        "SELECT ?x (COUNT(?e) AS ?n) { ?e kg:party|kg:target|kg:actor ?x } GROUP BY ?x",
        {"egypt 2": [{EGYPT, ACTOR}], "suez-canal-company 2": [{COMPANY, TARGET}]},
    ),
    "GROUP BY what is not shown": (
        "SELECT (COUNT(?e) AS ?n) { ?e kg:party|kg:target|kg:actor ?x } GROUP BY ?x HAVING (COUNT(?e) = 2)",
        {"2": [{EGYPT, ACTOR}, {COMPANY, TARGET}]},
    ),
    "GROUP BY an expression": (
        "SELECT ?c (COUNT(*) AS ?n) { ?e kg:date ?d } GROUP BY (SUBSTR(STR(?d), 1, 2) AS ?c)",
        {"18 3": [{OPENED, CONCEDED, SHIPS}], "19 1": [{NATIONALISED}]},
    ),
    "MAX with an OPTIONAL": (
        "SELECT ?e (MAX(?p) AS ?m) { ?e a kg:Event OPTIONAL { ?e kg:location ?p } } GROUP BY ?e",
        {"opening suez-canal": [{AT_SUEZ}], "nationalisation -": []},
    ),
    # Subqueries (§12)
    "a subquery": (
        "SELECT ?e { ?e a kg:Event { SELECT ?e { ?e kg:date ?d FILTER(STR(?d) > '1900') } } }",
        {"nationalisation": [{NATIONALISED}]},
    ),
    "a subquery with DISTINCT": (
        "SELECT ?e { ?e a kg:Agreement { SELECT DISTINCT ?e { ?e kg:party ?x } } }",
        {"concession": [{EGYPT}, {COMPANY}]},
    ),
    "a subquery with COUNT": (
        "SELECT ?n ?d { ?e kg:date ?d { SELECT ?e (COUNT(?x) AS ?n) { ?e kg:party ?x } GROUP BY ?e } }",
        {"2 1856": [{CONCEDED, EGYPT, COMPANY}]},
    ),
    "a subquery that hides a variable": (
        "SELECT ?x ?d { ?x a kg:Event ; kg:date ?d { SELECT ?x { ?x kg:actor ?d } } }",
        {"nationalisation 1956": [{NATIONALISED, ACTOR}]},
    ),
    # Named graphs (§13)
    "GRAPH": (
        "SELECT ?g ?v { GRAPH ?g { :ships-1870 kg:value ?v } }",
        {"canal 500": [{VALUE}], "canal 486": [{REJECTED}]},
    ),
    "GRAPH with a path": (
        "SELECT ?g { GRAPH ?g { :opening kg:location+ ?x } }",
        {"canal": [{AT_SUEZ}]},
    ),
    "GRAPH around a subquery": (
        "SELECT ?z { GRAPH source:canal { SELECT DISTINCT ?z { ?x kg:value+ ?y BIND(1 AS ?z) } } }",
        {"1": [{VALUE}, {REJECTED}]},
    ),
    "FROM": (
        "SELECT ?v FROM <https://canal.example/source/canal> { ?s kg:value ?v FILTER(?v < 490) }",
        {"486": [{REJECTED}]},
    ),
    # Solution modifiers (§15)
    "DISTINCT": (
        "SELECT DISTINCT ?c { ?x a ?c ; ^kg:party|^kg:actor ?e FILTER(?c = kg:Polity) }",
        {"Polity": [{EGYPT}, {ACTOR}]},
    ),
    "rows that are alike": (
        "SELECT ?e { ?e kg:party ?x }",
        {"concession": [{EGYPT}, {COMPANY}]},
    ),
    "LIMIT": ("SELECT ?d { ?e kg:date ?d } ORDER BY ?d LIMIT 1 OFFSET 1", {"1869-11-17": [{OPENED}]}),
    "DISTINCT with LIMIT": (
        "SELECT DISTINCT ?e { ?e kg:party|kg:date ?x } ORDER BY ?e LIMIT 1",
        {"concession": [{CONCEDED}, {EGYPT}, {COMPANY}]},
    ),
    # The citation model
    "a fact by its parts": (
        "SELECT ?o ?v { ?f rdf:subject :ships-1870 ; rdf:predicate kg:value ; "
        "rdf:object ?o ; kg:verdict ?v }",
        {"500 Accepted": [{VALUE}], "486 Rejected": [{REJECTED}]},
    ),
    "a citation": (
        "SELECT ?by { ?c kg:stance kg:Claims ; kg:accordingTo ?by }",
        {"newspaper": [{SHARES}]},
    ),
    "a curator's note": (
        "SELECT ?n { ?f rdf:subject :ships-1870 ; rdfs:comment ?n }",
        {"The register of the company counts otherwise.": [{REJECTED}]},
    ),
    "facts by their class": ("SELECT ?f { ?f a kg:Fact ; rdf:object 486 }", {REJECTED: [{REJECTED}]}),
    "how many": ("SELECT (COUNT(?f) AS ?n) { ?f kg:verdict kg:Unverified }", {"1": [{SHARES}]}),
    "a passage is no fact": (
        "SELECT ?l { ?p a kg:Passage ; rdfs:label ?l FILTER(?l = 'canal p1') }",
        {"canal p1": []},
    ),
    "RDF 1.2": (
        'VERSION "1.2" SELECT ?p { :opening kg:date ?d {| kg:cites ?p |} }',
        {"p1": [{OPENED}]},
    ),
    "a triple term under any property": (
        'VERSION "1.2" SELECT ?f { ?f ?p <<( :ships-1870 kg:value 486 )>> }',
        {REJECTED: [{REJECTED}]},
    ),
    "a reified triple": (
        'VERSION "1.2" SELECT ?v { << :ships-1870 kg:value ?v >> kg:verdict kg:Rejected }',
        {"486": [{REJECTED}]},
    ),
    # What the build derives
    "a derived day": ("SELECT ?t { :concession kg:latest ?t }", {"1856-12-31": [{CONCEDED}]}),
    # Terms that SPARQL writes in more than one way
    "a number written otherwise": ("SELECT ?s { ?s kg:value +0500 }", {"ships-1870": [{VALUE}]}),
    "a list": (
        "SELECT ?d { VALUES ?x { 1 } :opening kg:date ?d FILTER NOT EXISTS { ?e kg:x (1 2) } }",
        {"1869-11-17": [{OPENED}]},
    ),
    "escapes and comments": (
        "SELECT ?d { :opening <https://kg.example/ontology#d\\u0061te> ?d # } no brace\n }",
        {"1869-11-17": [{OPENED}]},
    ),
    "names like those that are made up": (
        "SELECT ?_c0 ?_c_1 { ?_c0 kg:location/a ?_c_1 }",
        {"opening Place": [{AT_SUEZ}]},
    ),
}


def short(answer: CitedAnswer, term: object) -> str:
    """The last part of an IRI, a fact in words, the text of a literal."""
    by_iri = {fact.iri: fact for fact in answer.facts}
    if term is None:
        return "-"
    value = getattr(term, "value", str(term))
    if value in by_iri:
        fact = by_iri[value]
        return " ".join(short(answer, each) for each in (fact.subject, fact.predicate, fact.object))
    return re.split(r"[/#]", value)[-1] if value.startswith("http") else str(value)


def found(answer: CitedAnswer) -> Expected:
    """Rows and witnesses in short."""
    facts = [short(answer, type("Fact", (), {"value": fact.iri})) for fact in answer.facts]
    return {
        " ".join(short(answer, value) for value in row.values): [{facts[n] for n in w} for w in row.witnesses]
        for row in answer.rows
    }


@pytest.mark.parametrize("name", CASES)
def test_each_row_rests_on(name: str, citer: Citer) -> None:
    query, expected = CASES[name]
    answer = citer.answer(query)
    assert answer.reason == ""
    rows = found(answer)
    assert rows.keys() == expected.keys()
    for row, witnesses in expected.items():
        assert sorted(map(sorted, rows[row])) == sorted(map(sorted, witnesses))


NOTES = {
    "SELECT ?x { ?x kg:date ?d }": set(),
    "SELECT ?x { ?x kg:date ?d FILTER NOT EXISTS { ?x kg:party ?p } }": {"negation"},
    "SELECT ?x { ?x kg:date ?d MINUS { ?x kg:party ?p } }": {"negation"},
    "SELECT ?x { ?x kg:date ?d FILTER(?d = 1 || EXISTS { ?x kg:party ?p }) }": {"exists"},
    "SELECT ?x { ?x kg:date ?d BIND(EXISTS { ?x kg:party ?p } AS ?b) }": {"exists"},
    "SELECT (EXISTS { ?x kg:party ?p } AS ?b) { ?x kg:date ?d }": {"exists"},
    "SELECT ?x { ?x kg:date ?d OPTIONAL { ?y kg:of ?z FILTER EXISTS { ?x kg:party ?p } } }": {"exists"},
    "SELECT ?x { ?x kg:location+ ?y }": {"closure"},
    "SELECT ?x { ?x rdfs:subClassOf+ ?y }": set(),
    "SELECT ?x { ?x kg:date ?d } LIMIT 2": {"limit"},
    "SELECT ?x { ?x kg:date ?d } LIMIT 99": set(),
    "SELECT (COUNT(*) AS ?n) { ?x kg:date ?d }": {"aggregate"},
    "SELECT (COUNT(*) AS ?n) { ?x kg:date ?d } LIMIT 1": {"aggregate"},
}


@pytest.mark.parametrize("query", NOTES)
def test_what_cannot_be_told_is_noted(query: str, citer: Citer) -> None:
    answer = citer.answer(query)
    assert answer.notes == NOTES[query]
    assert answer.complete == (not NOTES[query] - {"aggregate", "negation"})


def test_ask(citer: Citer) -> None:
    yes = citer.answer("ASK { :opening kg:location ?x }")
    assert (yes.boolean, found(yes)) == (True, {"": [{AT_SUEZ}]})
    no = citer.answer("ASK { :opening kg:party ?x }")
    assert (no.boolean, no.rows, no.facts) == (False, (), ())


def test_construct(citer: Citer) -> None:
    query = "CONSTRUCT { ?x kg:where ?y ; kg:mark [ kg:when ?d ] } WHERE { ?x kg:location ?y ; kg:date ?d }"
    answer = citer.answer(query)
    assert answer.variables == ("subject", "predicate", "object")
    assert len(answer.rows) == 3
    assert list(found(answer).values()) == [[{AT_SUEZ, OPENED}]] * 3
    short_form = citer.answer("CONSTRUCT WHERE { :opening kg:location ?y }")
    assert found(short_form) == {"opening location suez-canal": [{AT_SUEZ}]}


def test_describe_cites_the_facts_among_its_triples(citer: Citer) -> None:
    rows = found(citer.answer("DESCRIBE :opening"))
    assert rows["opening location suez-canal"] == [{AT_SUEZ}]
    assert rows["opening label opening of the Suez Canal"] == []
    assert rows["opening earliest 1869-11-17"] == [{OPENED}]


BEYOND = [
    "SELECT REDUCED ?x { ?x kg:date ?d }",
    "SELECT ?x { { SELECT DISTINCT ?x { ?x kg:party ?p } LIMIT 1 } }",
    "SELECT ?x " + "{ " * 400 + "?x kg:date ?d" + " }" * 400,
    "SELECT ?x { ?x kg:date ?d LATERAL { SELECT ?d { ?d kg:date ?x } } }",
]


@pytest.mark.parametrize("query", BEYOND)
def test_what_is_beyond_it_is_answered_and_said_not_to_be_cited(query: str, citer: Citer) -> None:
    answer = citer.answer(query)
    assert "beyond what can be cited" in answer.reason
    assert not answer.complete
    assert answer.facts == ()


def test_errors_have_their_place(citer: Citer) -> None:
    with pytest.raises(QueryError, match="does not parse") as caught:
        citer.answer("SELECT * {\n ?s ?p }")
    assert (caught.value.line, caught.value.column) == (2, 9)
    with pytest.raises(QueryRefused, match="SERVICE"):
        citer.answer("SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }")


def test_a_fact_comes_with_its_citations(canal_build: Build) -> None:
    built = canal_build
    answer = cited(built.load(), "SELECT ?d { :suez-canal-company kg:description ?d }", built)
    assert answer.rows == ()
    answer = cited(built.load(), "SELECT ?o { [] rdf:subject :suez-canal-company ; rdf:object ?o }", built)
    (fact,) = answer.facts
    (citation,) = fact.citations
    assert (fact.verdict, fact.notes) == ("Unverified", ())
    assert citation.passage == "https://canal.example/source/canal#p3"
    assert citation.source == "https://canal.example/source/canal"
    assert citation.label == "canal p3"
    assert (
        citation.digest == "Egypt took over the company in 1956; a newspaper had called its shares worthless."
    )
    assert citation.quote.startswith("In 1956 Egypt\nnationalised the company")
    assert (citation.stance, citation.method) == ("Claims", "Curated")
    assert citation.according_to == "https://canal.example/entity/newspaper"
    (source,) = answer.sources
    assert (source.title, source.creators, source.date) == ("The Canal at Suez", ("A. N. Author",), "2020")


def test_there_are_as_many_cases_as_promised() -> None:
    assert len(CASES) >= 60
