"""Queries that mean no good, each with a name: made to exhaust time, memory, stack, disk or network."""

from __future__ import annotations

from collections.abc import Iterator

TRIPLES = [f"?s{n} ?p{n} ?o{n}" for n in range(40)]
BIG = '"' + "x" * 1000 + '"'


def hostile_queries() -> dict[str, bytes]:
    """The set."""
    return {name: query if isinstance(query, bytes) else query.encode() for name, query in _queries()}


def _queries() -> Iterator[tuple[str, str | bytes]]:
    yield from _products()
    yield from _paths()
    yield from _aggregates()
    yield from _strings()
    yield from _sizes()
    yield from _nesting()
    yield from _ways_out()
    yield from _malformed()


def _products() -> Iterator[tuple[str, str]]:
    for count in (2, 3, 5, 10, 40):
        yield f"product-{count}", f"SELECT * {{ {' . '.join(TRIPLES[:count])} }}"
    yield "product-count", f"SELECT (COUNT(*) AS ?n) {{ {' . '.join(TRIPLES[:5])} }}"
    yield "product-distinct", f"SELECT DISTINCT * {{ {' . '.join(TRIPLES[:4])} }}"
    yield "product-ask", f"ASK {{ {' . '.join(TRIPLES[:4])} FILTER(?s0 = 1) }}"
    yield "product-construct", f"CONSTRUCT {{ ?s0 ?p1 ?o2 }} WHERE {{ {' . '.join(TRIPLES[:4])} }}"
    optionals = "".join(f" OPTIONAL {{ ?s{n} ?p{n} ?s{n + 1}" for n in range(30)) + " }" * 30
    yield "optionals-deep", f"SELECT * {{ ?s0 ?p ?o {optionals} }}"
    yield (
        "optionals-wide",
        "SELECT * { " + " ".join(f"OPTIONAL {{ ?a{n} ?b{n} ?c{n} }}" for n in range(30)) + " }",
    )
    yield "unions", "SELECT * { " + " UNION ".join(f"{{ {triple} }}" for triple in TRIPLES) + " ?x ?y ?z }"
    yield "minus", f"SELECT * {{ {' . '.join(TRIPLES[:3])} MINUS {{ {' . '.join(TRIPLES[:4])} }} }}"
    yield (
        "not-exists",
        f"SELECT * {{ {' . '.join(TRIPLES[:3])} FILTER NOT EXISTS "
        f"{{ {' . '.join(TRIPLES[4:8])} FILTER(?s0 = ?s4 && ?s0 != ?s4) }} }}",
    )
    yield (
        "graph-product",
        "SELECT * { " + " ".join(f"GRAPH ?g{n} {{ ?a{n} ?b{n} ?c{n} }}" for n in range(6)) + " }",
    )
    yield (
        "subselects",
        "SELECT * { " + " ".join(f"{{ SELECT * {{ ?a{n} ?b{n} ?c{n} }} }}" for n in range(6)) + " }",
    )


def _paths() -> Iterator[tuple[str, str]]:
    yield "path-star", "SELECT * { ?a (kg:precededBy|!kg:precededBy)* ?b }"
    yield "path-plus", "SELECT (COUNT(*) AS ?n) { ?a (!<x:x>)+ ?b . ?b (!<x:x>)+ ?c }"
    yield "path-nested", "SELECT * { ?a (((kg:precededBy*)*)*)* ?b . ?b (((!<x:x>)*)+)* ?c }"
    yield "path-inverse", "SELECT * { ?a (kg:precededBy|^kg:precededBy)* ?b . ?b (rdf:type/^rdf:type)* ?c }"
    yield "path-long", f"SELECT * {{ ?a {'/'.join(['(kg:precededBy|^kg:precededBy)'] * 40)} ?b }}"
    yield "path-optional", f"SELECT * {{ ?a {'/'.join(['kg:precededBy?'] * 60)} ?b }}"
    yield (
        "path-constants",
        "ASK { :e0 (kg:precededBy|^kg:precededBy|!<x:x>)* :nowhere . ?a ?b ?c . ?d ?e ?f }",
    )


def _aggregates() -> Iterator[tuple[str, str]]:
    three = " . ".join(TRIPLES[:3])
    yield "sort-everything", f"SELECT * {{ {three} }} ORDER BY ?o2 ?s0 DESC(?p1)"
    yield "sort-by-rand", f"SELECT * {{ {three} }} ORDER BY RAND()"
    yield "group-everything", f"SELECT ?s0 ?s1 ?s2 (COUNT(*) AS ?n) {{ {three} }} GROUP BY ?s0 ?s1 ?s2"
    yield "group-concat", f"SELECT (GROUP_CONCAT(?o0) AS ?x) {{ {three} }}"
    yield (
        "group-concat-distinct",
        f"SELECT (GROUP_CONCAT(DISTINCT CONCAT(STR(?o0), STR(?o1), STR(?o2))) AS ?x) {{ {three} }}",
    )
    yield "count-distinct", f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {three} }}"
    yield "having", f"SELECT ?s0 (SUM(?o1) AS ?n) {{ {three} }} GROUP BY ?s0 HAVING(SUM(?o1) > AVG(?o2))"
    yield "offset", f"SELECT * {{ {three} }} OFFSET 99999999999 LIMIT 1"


def _strings() -> Iterator[tuple[str, str]]:
    bomb = "^(((a+)+)+)+$"
    yield (
        "regex-nested",
        f'SELECT * {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER REGEX("{"a" * 40}!", "{bomb}") }}',
    )
    yield "regex-repeat", 'ASK { FILTER REGEX("' + "a" * 1000 + '", "(a{1,500}){1,500}$") }'
    yield "regex-large", 'ASK { FILTER REGEX("x", "((((x{100}){100}){100}){100})") }'
    yield (
        "regex-classes",
        'SELECT (REPLACE("' + "é" * 5000 + '", "(\\\\p{L}|\\\\w|.)*?", "$0$0$0$0") AS ?x) {}',
    )
    yield (
        "regex-every-pair",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . FILTER REGEX(STR(?c), CONCAT('(', STR(?f), ')*')) ?g ?h ?i }",
    )
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
    yield "doubling", f"SELECT (STRLEN(?x40) AS ?n) {{ BIND({BIG} AS ?x0) {doubled} }}"
    replaced = " ".join(f'BIND(REPLACE(?x{n}, "x", ?x0) AS ?x{n + 1})' for n in range(6))
    yield "replacing", f"SELECT (STRLEN(?x6) AS ?n) {{ BIND({BIG} AS ?x0) {replaced} }}"
    yield "encoding", f"SELECT ?x {{ BIND({BIG} AS ?y) BIND({'ENCODE_FOR_URI(' * 60}?y{')' * 60} AS ?x) }}"
    yield (
        "hashes",
        "SELECT (SHA512(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    )
    yield "literal-huge", f'SELECT ("{"y" * 500_000}" AS ?x) {{ ?s ?p ?o . ?a ?b ?c }}'
    yield "numbers", f"SELECT ({'9' * 5000} * {'9' * 5000} AS ?x) {{}}"
    yield "decimals", "SELECT (1" + "/3.0000000001" * 3000 + " AS ?x) {}"


def _sizes() -> Iterator[tuple[str, str | bytes]]:
    rows = " ".join(f"({n} {n})" for n in range(30_000))
    yield "values-long", f"SELECT * {{ VALUES (?a ?b) {{ {rows} }} ?s ?p ?a }}"
    cross = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(100)))} }}" for n in range(8))
    yield "values-product", f"SELECT * {{ {cross} }}"
    yield (
        "filter-long",
        "SELECT * { ?s ?p ?o FILTER(" + " || ".join(f"?o = {n}" for n in range(20_000)) + ") }",
    )
    yield (
        "in-long",
        "SELECT * { ?s ?p ?o . ?a ?b ?c FILTER(?o IN (" + ", ".join(map(str, range(50_000))) + ")) }",
    )
    yield "one-megabyte", "SELECT * { " + "?s ?p ?o . " * 95_000 + "}"
    yield (
        "one-megabyte-of-patterns",
        "SELECT * { " + " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(40_000)) + " }",
    )
    yield "one-megabyte-of-comments", "#" + "x" * 1_000_000 + "\nSELECT * {}"
    yield "ten-megabytes", b"SELECT * { " + b"?s ?p ?o . " * 950_000 + b"}"
    yield "prefixes", "\n".join(f"PREFIX p{n}: <http://x/{n}/>" for n in range(20_000)) + " ASK {}"
    yield "variables", "SELECT " + " ".join(f"?v{n}" for n in range(50_000)) + " { ?s ?p ?o }"


def _nesting() -> Iterator[tuple[str, str]]:
    for depth in (1_000, 5_000, 100_000):
        yield f"groups-{depth}", "SELECT * " + "{" * depth + "}" * depth
        yield f"brackets-{depth}", "SELECT (" + "(" * depth + "1" + ")" * depth + " AS ?x) {}"
    yield "not", "ASK { FILTER(" + "!" * 50_000 + "true) }"
    yield "minus-signs", "SELECT (" + "- " * 50_000 + "1 AS ?x) {}"
    yield "collections", "ASK { " + "(" * 20_000 + ")" * 20_000 + " ?p ?o }"
    yield "blank-nodes", "ASK { " + "[ <x:p> " * 20_000 + "1" + "]" * 20_000 + " }"
    yield "triple-terms", "ASK { ?s ?p " + "<<( ?a ?b " * 5_000 + "?c" + " )>>" * 5_000 + " }"
    yield "paths-nested", "ASK { ?s " + "(" * 20_000 + "<x:p>" + ")*" * 20_000 + " ?o }"
    yield "selects-nested", "SELECT * { " * 5_000 + "?s ?p ?o" + " }" * 5_000
    yield "unclosed", "SELECT * " + "{" * 300_000
    yield "exists-nested", "ASK { " + "FILTER EXISTS { ?s ?p ?o " * 2_000 + "}" * 2_000 + " }"


def _ways_out() -> Iterator[tuple[str, str]]:
    yield "service-loopback", "SELECT * { SERVICE <http://127.0.0.1:22/> { ?s ?p ?o } }"
    yield "service-name", "SELECT * { SERVICE <http://metadata.internal/latest> { ?s ?p ?o } }"
    yield "service-silent", "SELECT * { SERVICE SILENT <http://localhost/> { ?s ?p ?o } }"
    yield "service-variable", "SELECT * { ?s ?p ?u SERVICE ?u { ?a ?b ?c } }"
    yield "service-hidden", "SELECT * { ?s ?p ?o FILTER(1<2#>'''\n) SERVICE <http://127.0.0.1:22/> {} } #'''"
    yield "from-file", "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"
    yield "from-http", "SELECT * FROM <http://127.0.0.1/> { ?s ?p ?o }"
    yield "from-named-file", "SELECT * FROM NAMED <file:///dev/zero> { GRAPH ?g { ?s ?p ?o } }"
    yield "load", "LOAD <file:///dev/zero>"
    yield "drop", "DROP ALL"


def _malformed() -> Iterator[tuple[str, bytes]]:
    yield "not-utf8", b"SELECT * { ?s ?p '\xff\xfe' }"
    yield "surrogates", b"SELECT * { ?s ?p '\xed\xa0\x80' }"
    yield "nulls", b"SELECT * { ?s ?p '\x00' } \x00"
    yield "unclosed-string", b"SELECT * { ?s ?p '''" + b"a" * 500_000
    yield "quotes", b"ASK { ?s ?p " + b'"' * 300_001 + b" }"
    yield "angle-brackets", b"GRAPH " + b"<" * 300_000
    yield "dots", b"GRAPH " + b"a." * 300_000
    yield "escapes", b"ASK { ?s ?p '" + b"\\u0041" * 100_000 + b"' }"
