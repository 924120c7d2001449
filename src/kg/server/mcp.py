"""The graph as tools for agents: the Model Context Protocol, by its official SDK.

Every answer carries the citations that the engine has computed, or says that there are none.
https://modelcontextprotocol.io/specification/
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg import __version__
from kg.errors import KgError, MissingExtra
from kg.server.catalog import Volume
from kg.server.parameters import fill_by_name, parameters_of
from kg.store.apart import Apart
from kg.store.build import Build
from kg.store.facts import Filter
from kg.store.pattern import judge
from kg.store.shape import Json
from kg.store.verify import Finding, verify

if TYPE_CHECKING:
    from mcp.server import MCPServer

DEADLINE = 20.0
"""Seconds for one query."""
LIMIT = 100
"""Rows or facts of one answer at most: what an agent can read."""
UNCITED = "No fact of the graph is behind this: it cites nothing."
INSTRUCTIONS = """\
A knowledge graph in which every fact cites the passage of the source that states it. Use find_entities to \
learn what things are called, facts for what is known of one, sparql for anything else, verify before you \
repeat a statement. Give the citations with what you say. A fact whose verdict is not Accepted is only what \
a source says; say so. What the graph does not have is unknown, not false."""


class Toolbox:
    """What an agent may ask of one build. Each answer is a JSON object."""

    def __init__(self, build: Build, deadline: float = DEADLINE) -> None:
        self.volume = Volume(build)
        self.apart = Apart(build, deadline)

    def find_entities(self, name: str, type: str = "", limit: int = 10) -> Json:  # noqa: A002
        """Find things by name; typing errors are forgiven. `type` is a class, such as Agreement."""
        kind = self.volume.index.resolve(type, ("term",)).iri if type else ""
        found = self.volume.search.names(name, kind, _bounded(limit))
        return {"entities": found, "note": "Names and kinds need no citation; use facts for what is cited."}

    def facts(self, about: str, property: str = "", verdict: str = "", limit: int = 30) -> Json:  # noqa: A002
        """The facts about a thing (its name or IRI), each with verdict and citations.

        `property` and `verdict` (Accepted, Unverified, Contested, Rejected) narrow them.
        """
        wanted = Filter(about=about, predicate=property, verdict=verdict)
        found, _ = self.volume.facts.page(wanted, limit=_bounded(limit))
        total = self.volume.facts.count(wanted)
        return {"total": total, "facts": found, "note": _note(found, total)}

    def sparql(self, query: str) -> Json:
        """Answer a SPARQL 1.1 query (SELECT, ASK, CONSTRUCT, DESCRIBE), each row with the facts behind it.

        Prefixes of the graph need no declaration. At most 100 rows are given.
        """
        answer: Json = json.loads(self.apart.answer(query))
        rows = answer.get("results", {}).get("bindings", [])
        if len(rows) > LIMIT:
            answer["note"] = f"{len(rows)} rows were found and {LIMIT} are given: narrow the query."
            del rows[LIMIT:]
            del answer["cite"]["rows"][LIMIT:]
        elif not answer.get("cite", {}).get("facts"):
            answer["note"] = answer.get("cite", {}).get("reason") or UNCITED
        return answer

    def verify(self, subject: str, property: str, value: str) -> Json:  # noqa: A002
        """Look whether the graph supports a statement: supported, contradicted or unknown, with the facts.

        `value` is the name of a thing, or a text, number or date such as 1858-05-28.
        """
        return _found(verify(self.volume.index, subject, property, value))

    def patterns(self) -> Json:
        """The named patterns for verify_pattern: what each asks, and its parameters with their types."""
        queries = self.volume.queries
        found = [
            {"pattern": each.name, "asks": each.summary, "parameters": [one._asdict() for one in wanted]}
            for each in queries
            if (wanted := parameters_of(each.text))
        ]
        return {"patterns": found, "note": "Give things by name or IRI."}

    def verify_pattern(self, pattern: str, values: dict[str, str]) -> Json:
        """Look whether a statement of several parts holds: one of `patterns`, with values for its parameters.

        Answers supported, contradicted or unknown, with the facts that say so.
        """
        volume = self.volume
        text = volume.query(pattern).text
        query = fill_by_name(volume.index, text, values, volume.build.prefixes)
        return _found(judge(volume.index, query, lambda stated: json.loads(self.apart.answer(query, stated))))

    def close(self) -> None:
        """End the process in which queries run."""
        self.apart.close()


def _bounded(limit: int) -> int:
    return max(1, min(limit, LIMIT))


def _found(finding: Finding) -> Json:
    facts = finding.facts[:LIMIT]
    note = _note(facts, len(finding.facts))
    return {"status": finding.status, "reason": finding.reason, "facts": facts, "note": note}


def _note(facts: list[Json], total: int) -> str:
    if not facts:
        return UNCITED
    return "" if total <= len(facts) else f"{total} facts were found and {len(facts)} are given."


def server(toolbox: Toolbox) -> MCPServer[Any]:
    """The tools as a server of the protocol. Raises MissingExtra."""
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
    except ImportError:
        raise MissingExtra("The agents' interface", "mcp") from None
    made: MCPServer[Any] = MCPServer("kg", instructions=INSTRUCTIONS, version=__version__)

    @made.tool(description=toolbox.find_entities.__doc__)
    def find_entities(name: str, type: str = "", limit: int = 10) -> Json:  # noqa: A002
        return _try(ToolError, lambda: toolbox.find_entities(name, type, limit))

    @made.tool(description=toolbox.facts.__doc__)
    def facts(about: str, property: str = "", verdict: str = "", limit: int = 30) -> Json:  # noqa: A002
        return _try(ToolError, lambda: toolbox.facts(about, property, verdict, limit))

    @made.tool(description=toolbox.sparql.__doc__)
    def sparql(query: str) -> Json:
        return _try(ToolError, lambda: toolbox.sparql(query))

    @made.tool(name="verify", description=toolbox.verify.__doc__)
    def check(subject: str, property: str, value: str) -> Json:  # noqa: A002
        return _try(ToolError, lambda: toolbox.verify(subject, property, value))

    @made.tool(description=toolbox.patterns.__doc__)
    def patterns() -> Json:
        return _try(ToolError, toolbox.patterns)

    @made.tool(description=toolbox.verify_pattern.__doc__)
    def verify_pattern(pattern: str, values: dict[str, str]) -> Json:
        return _try(ToolError, lambda: toolbox.verify_pattern(pattern, values))

    return made


def _try(kind: type[Exception], ask: Any) -> Json:
    """What goes wrong is an answer for the agent, who may mend it, and not the end of the server."""
    try:
        found: Json = ask()
    except KgError as error:
        raise kind(str(error)) from None
    return found
