"""`kg diff`: what changed between two builds or exports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from kg.store.diff import Change, opened
from kg.store.diff import diff as run
from kg.store.record import Citation, Fact, Records, local_name

PATH = click.Path(path_type=Path, exists=True)
Writer = Callable[[Sequence[Change], Records, Records], Iterator[str]]


@click.command()
@click.argument("before", metavar="A", type=PATH)
@click.argument("after", metavar="B", type=PATH)
@click.option(
    "--format", "style", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True
)
def diff(before: Path, after: Path, style: str) -> None:
    """Show which facts B adds, removes, judges or cites otherwise than A: builds, or RDF exports of them."""
    with opened(before) as old, opened(after) as new:
        changes = list(run(old, new))
        for line in _WRITERS[style](changes, old, new):
            click.echo(line)


def _text(changes: Sequence[Change], old: Records, new: Records) -> Iterator[str]:
    for change in changes:
        sign = {"added": "+", "removed": "-", "changed": "~"}[change.kind]
        records = old if change.after is None else new
        yield f"{sign} {_sentence(change.fact, records)}  [{change.fact.verdict}]"
        for line in _details(change):
            yield f"    {line}"
    yield _summary(changes)


def _details(change: Change) -> Iterator[str]:
    if change.kind != "changed":
        for citation in change.fact.citations:
            yield f"cites {_citation(citation)}"
    if change.verdicts:
        yield "verdict {} -> {}".format(*change.verdicts)
    for citation in change.citations_removed:
        yield f"no longer cites {_citation(citation)}"
    for citation in change.citations_added:
        yield f"now cites {_citation(citation)}"
    if change.notes_changed:
        yield f"note: {' '.join(change.fact.notes) or 'none'}"


def _summary(changes: Sequence[Change]) -> str:
    if not changes:
        return "No fact differs."
    kinds = [change.kind for change in changes]
    judged = sum(change.verdicts is not None for change in changes)
    parts = [f"{kinds.count(kind)} {kind}" for kind in ("added", "removed", "changed")]
    return f"{', '.join(parts)} ({judged} with another verdict)"


def _markdown(changes: Sequence[Change], old: Records, new: Records) -> Iterator[str]:
    yield f"### Facts: {_summary(changes).rstrip('.').lower()}"
    for kind in ("added", "removed", "changed"):
        chosen = [change for change in changes if change.kind == kind]
        if not chosen:
            continue
        yield f"\n#### {kind.capitalize()}\n"
        yield "| fact | verdict | passages |"
        yield "|---|---|---|"
        for change in chosen:
            fact = _sentence(change.fact, old if change.after is None else new)
            verdict = " → ".join(change.verdicts or (change.fact.verdict,))
            yield f"| {_cell(fact)} | {verdict} | {_cell(_passages(change))} |"


def _passages(change: Change) -> str:
    if change.kind != "changed":
        return ", ".join(_short(iri) for iri in change.fact.cites)
    gone = [f"~~{_citation(citation)}~~" for citation in change.citations_removed]
    more = [f"+ {_citation(citation)}" for citation in change.citations_added]
    return ", ".join([*gone, *more]) or ("note changed" if change.notes_changed else "the same")


def _cell(text: str) -> str:
    """Text that stays in one cell of a Markdown table."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _json(changes: Sequence[Change], old: Records, new: Records) -> Iterator[str]:  # noqa: ARG001
    rows = [
        {
            "change": change.kind,
            "fact": change.fact.iri,
            "subject": change.fact.subject,
            "predicate": change.fact.predicate,
            "object": str(change.fact.object),
            "before": _side(change.before),
            "after": _side(change.after),
        }
        for change in changes
    ]
    yield json.dumps(rows, indent=2, ensure_ascii=False)


def _side(fact: Fact | None) -> dict[str, Any] | None:
    if fact is None:
        return None
    names = {"iri": "citation", "according_to": "accordingTo"}
    citations = [
        {
            names.get(name, name): getattr(citation, name)
            for name in Citation.__dataclass_fields__
            if getattr(citation, name)
        }
        for citation in fact.citations
    ]
    return {"verdict": fact.verdict, "notes": list(fact.notes), "citations": citations}


def _sentence(fact: Fact, records: Records) -> str:
    object_ = fact.object
    value = records.label(object_.value) if isinstance(object_, ox.NamedNode) else f"“{object_.value}”"
    return f"{records.label(fact.subject)} · {records.label(fact.predicate)} · {value}"


def _citation(citation: Citation) -> str:
    according = f", according to {local_name(citation.according_to)}" if citation.according_to else ""
    return f"{_short(citation.passage)} ({citation.stance}{according})"


def _short(passage: str) -> str:
    return passage.rsplit("/", 1)[-1].replace("#", ":")


_WRITERS: dict[str, Writer] = {"text": _text, "json": _json, "markdown": _markdown}
