"""The shapes of answers, for the OpenAPI description; the answers themselves are made in kg.store.shape."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["Accepted", "Unverified", "Contested", "Rejected"]
Status = Literal["corroborated", "single-source", "contested", "rejected", "unverified"]
Stance = Literal["States", "Reports", "Claims", "Estimates", "Predicts", "Denies"]
Method = Literal["Curated", "Extracted"]


class Model(BaseModel):
    """Answers may gain members; what is described here stays."""

    model_config = ConfigDict(extra="allow")


class Reference(Model):
    """A thing by its IRI and its name."""

    id: str = Field(description="IRI")
    type: str | list[str] | None = Field(None, description="Class, short where it is of the vocabulary kg:")
    label: str | dict[str, str] | None = Field(None, description="English, or an object with its language")


class Value(Model):
    """A literal."""

    value: str
    language: str | None = None
    datatype: str | None = Field(None, description="IRI; none: a plain string")


class Selector(Model):
    """Where the words of a passage are: Web Annotation's text selectors."""

    id: str
    type: str


class Passage(Model):
    """One to three sentences of a source."""

    id: str
    type: Literal["Passage"] = "Passage"
    digest: str = Field(description="What it says, in our words")
    sha256: str = Field(description="Of its words with white space normalised")
    position: Selector = Field(description="`start` and `end` in code points, end exclusive")
    quote: Selector | None = Field(None, description="`exact`, `prefix`, `suffix`, where the text is at hand")
    source: Reference | None = None


class Precision(Model):
    """How many of the facts of a kind that were found in held-out texts were right."""

    kind: str
    found: int
    right: int
    share: float = Field(description="right / found")


class Citation(Model):
    """One passage's word for a fact."""

    id: str
    type: Literal["Citation"] = "Citation"
    stance: Stance
    method: Method
    accordingTo: Reference | None = Field(None, description="To whom the text attributes it")  # noqa: N815
    confidence: str | None = None
    rule: str | None = None
    precision: Precision | None = Field(None, description="Of an extracted one, where it was measured")
    passage: Passage


class Fact(Model):
    """One triple with every citation of it."""

    id: str
    type: Literal["Fact"] = "Fact"
    subject: Reference
    predicate: Reference
    object: Reference | Value
    verdict: Verdict = Field(description="What the curators hold of it")
    status: Status = Field(description="The verdict, and whether more than one source has it")
    sources: int
    holds: dict[str, str] | None = Field(None, description="First and last day, where it is dated")
    note: list[str] | None = None
    citation: list[Citation]


class Dossier(Fact):
    """A fact, and what is against it."""

    contradictedBy: list[Fact]  # noqa: N815


class Entity(Reference):
    """A thing that facts are about."""

    alias: list[Any] | None = None
    earliest: str | None = None
    latest: str | None = None
    links: int = Field(description="Facts that have it as subject or object")
    facts: list[Fact] | None = Field(None, description="Facts about it")
    mentions: list[Fact] | None = Field(None, description="Facts that have it as object")


class Source(Reference):
    """A text that is cited."""

    creator: list[str] | None = None
    date: str | None = None
    publisher: str | None = None
    language: str | None = None
    rights: str | None = None
    url: str | None = None
    links: int
    passages: list[Passage] | None = None


class FactPage(Model):
    """A page of facts."""

    items: list[Fact]
    total: int | None = None
    next: str | None = Field(None, description="Path and query of the next page; missing on the last")


class EntityPage(Model):
    """A page of entities."""

    items: list[Entity]
    next: str | None = None


class SourceList(Model):
    """Every source."""

    items: list[Source]


class Hits(Model):
    """What a search finds."""

    items: list[Reference]
    passages: list[Passage] | None = None


class Disagreements(Model):
    """Each list holds the facts of one subject and property, side by side."""

    groups: list[list[Fact]]


class Timeline(Model):
    """Dated entities in order of time."""

    items: list[Reference]


class SeriesList(Model):
    """Every series of figures."""

    series: list[dict[str, Any]]


class Series(Model):
    """A series with its points."""

    key: str
    label: str
    points: list[dict[str, Any]]


class Finding(Model):
    """What the graph holds of a statement."""

    status: Literal["supported", "contradicted", "unknown"]
    reason: str
    facts: list[Fact] = Field(description="Those that decide, or that come nearest")


class Problem(Model):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


PROBLEMS: dict[int | str, dict[str, Any]] = {
    number: {
        "description": description,
        "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
    }
    for number, description in (
        (400, "A parameter says nothing that can be answered."),
        (404, "Nothing has that name."),
        (422, "A parameter is missing, or not of its kind."),
        (503, "The graph is being loaded."),
    )
}
"""The responses that every route can give."""


def described(model: type[Model], example: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    """The responses of a route: the model with an example, and the problems."""
    success = {"model": model, "content": {"application/json": {"example": example}}}
    return {200: success, **PROBLEMS}
