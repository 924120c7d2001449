"""A language model as extractor: whatever it answers, only what the text bears out becomes a candidate."""

from __future__ import annotations

import hashlib
import json
import queue
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import httpx
import llm
import openai

from kg.errors import KgError
from kg.extract.candidate import KINDS, Candidate, Literal, Name, Role
from kg.extract.document import Document
from kg.extract.file import write
from kg.extract.gazetteer import Gazetteer
from kg.extract.quantities import quantities
from kg.extract.schema import NAMES, NEEDED, NUMBERS, TIMES, answer_schema, instructions, roles
from kg.extract.times import times
from kg.facts.ontology import Ontology
from kg.terms import Stance

PORTION = 4_000
"""Code points of text that a model is given at once, unless one paragraph is longer."""
FAILURES = (llm.ModelError, openai.OpenAIError, httpx.HTTPError, OSError, TimeoutError)
"""What a model that does not answer raises: worth another try."""
TYPE = {
    "party": "Polity",
    "person": "Person",
    "place": "Place",
    "under": "Agreement",
    "organisation": "Organisation",
}


class Ungrounded(Exception):
    """An answer that the text does not bear out; the message is the cause, for counting."""


@dataclass
class Spent:
    """What asking a model has cost, and what its answers lost."""

    prompts: int = 0
    retries: int = 0
    remembered: int = 0
    """Portions answered before, which were not asked again."""
    input_tokens: int = 0
    output_tokens: int = 0
    dropped: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        causes = "".join(f"; {number} dropped: {cause}" for cause, number in sorted(self.dropped.items()))
        return (
            f"{self.prompts} prompts ({self.retries} retries, {self.remembered} answered before), "
            f"{self.input_tokens} tokens in, {self.output_tokens} out{causes}"
        )


@dataclass
class ModelExtractor:
    """Asks a model, portion by portion, and keeps its answers so that no text is asked about twice."""

    model: llm.Model
    ontology: Ontology
    answers: Path
    deadline: float = 120.0
    """Seconds that a model is given for one portion."""
    tries: int = 3
    pause: float = 1.0
    """Seconds before the second try; twice as long before each further one."""
    spent: Spent = field(default_factory=Spent)

    @classmethod
    def named(cls, name: str, ontology: Ontology, answers: Path) -> ModelExtractor:
        """Return the extractor that asks the model of that name. Raises KgError where `llm` knows none."""
        try:
            return cls(llm.get_model(name), ontology, answers)
        except llm.UnknownModelError:
            raise KgError(f"llm knows no model {name}. `llm models` lists those it knows.") from None

    def __call__(self, document: Document, gazetteer: Gazetteer) -> Sequence[Candidate]:
        """Return the candidates of a document that its text bears out, in text order."""
        found: list[Candidate] = []
        for start, text in portions(document):
            for item in self._facts(text):
                try:
                    found.append(ground(item, text, start, document.date, gazetteer))
                except Ungrounded as cause:
                    self.spent.dropped[str(cause)] += 1
        return sorted(dict.fromkeys(found), key=Candidate.sort_key)

    def _facts(self, text: str) -> list[Any]:
        answer = self._answer(text)
        try:
            facts = json.loads(_unfenced(answer))["facts"]
        except (json.JSONDecodeError, KeyError, TypeError):
            self.spent.dropped["answer that is no JSON of the kind asked for" if answer else "no answer"] += 1
            return []
        return facts if isinstance(facts, list) else []

    def _answer(self, text: str) -> str:
        """Return the model's answer about a portion, remembered or new; empty where it gives none."""
        system = instructions(self.ontology)
        key = hashlib.sha256("\n".join((self.model.model_id, system, text)).encode()).hexdigest()
        path = self.answers / f"{key}.json"
        if path.exists():
            self.spent.remembered += 1
            return path.read_text("utf-8")
        for attempt in range(self.tries):
            if attempt:
                self.spent.retries += 1
                time.sleep(self.pause * 2 ** (attempt - 1))
            try:
                answer = self._ask(system, text)
            except FAILURES:
                continue
            if _complete(answer):
                self.answers.mkdir(parents=True, exist_ok=True)
                write(path, answer)
                return answer
        return ""

    def _ask(self, system: str, text: str) -> str:
        """Ask once; raise TimeoutError where no whole answer comes before the deadline."""
        self.spent.prompts += 1
        result: queue.Queue[tuple[str, int, int] | Exception] = queue.Queue()

        def ask() -> None:
            try:
                schema = answer_schema() if self.model.supports_schema else None
                prompt = f"The text, between the lines of equals signs:\n=====\n{text}\n=====\n"
                response = self.model.prompt(prompt, system=system, schema=schema, stream=False)
                usage = response.usage() if response.text() is not None else None
                result.put((response.text(), usage.input or 0, usage.output or 0) if usage else ("", 0, 0))
            except FAILURES as error:
                result.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            outcome = result.get(timeout=self.deadline)
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(outcome, Exception):
            raise outcome
        self.spent.input_tokens += outcome[1]
        self.spent.output_tokens += outcome[2]
        return outcome[0]


def portions(document: Document) -> Iterator[tuple[int, str]]:
    """Yield the document in portions of whole paragraphs, each with its first code point."""
    start = end = -1
    for paragraph in document.paragraphs():
        if start >= 0 and paragraph.start + len(paragraph.text) - start > PORTION:
            yield start, document.text[start:end]
            start = -1
        start = paragraph.start if start < 0 else start
        end = paragraph.start + len(paragraph.text)
    if start >= 0:
        yield start, document.text[start:end]


def _unfenced(answer: str) -> str:
    """Take an answer out of the code fence that some models put around it."""
    match = re.search(r"```(?:json)?\s*(.*?)```", answer, re.DOTALL)
    return match[1] if match else answer


def _complete(answer: str) -> bool:
    """Say whether an answer can be read; one cut short cannot, and is asked for again."""
    try:
        json.loads(_unfenced(answer))
    except json.JSONDecodeError:
        return False
    return True


def ground(item: object, text: str, start: int, published: str, gazetteer: Gazetteer) -> Candidate:
    """Turn one answered fact into a candidate. Raises Ungrounded where the text does not bear it out.

    `start` is the first code point of the text in its document.
    """
    if not isinstance(item, dict) or item.get("kind") not in KINDS or not isinstance(item.get("roles"), dict):
        raise Ungrounded("fact of no known kind or form")
    quote = item.get("quote")
    place = _locate(quote, text) if isinstance(quote, str) and quote.strip() else None
    if place is None:
        raise Ungrounded("quote that is not in the text")
    words = text[place[0] : place[1]]
    kind = str(item["kind"])
    filled = tuple(_roles(kind, item["roles"], words, start + place[0], published, gazetteer))
    if not set(NEEDED[kind]) <= {role for role, _ in filled}:
        raise Ungrounded("fact that lacks a role it needs")
    stance = str(item.get("stance") or Stance.STATES)
    if stance not in set(Stance):
        raise Ungrounded("fact of no known kind or form")
    said = item.get("according_to")
    source = _name("according_to", str(said), words, start + place[0], gazetteer) if said else None
    confidence = _confidence(item.get("confidence"))
    return Candidate(
        kind, filled, start + place[0], start + place[1], f"model.{kind}", confidence, Stance(stance), source
    )


def _locate(quote: str, text: str) -> tuple[int, int] | None:
    """Find a quote in the text; only white space may differ."""
    match = re.search(r"\s+".join(map(re.escape, quote.split())), text)
    return match.span() if match else None


def _confidence(value: object) -> float:
    return min(1.0, max(0.0, float(value))) if isinstance(value, int | float) else 0.5


def _roles(
    kind: str, given: dict[str, Any], words: str, start: int, published: str, gazetteer: Gazetteer
) -> Iterator[Role]:
    for role, values in given.items():
        if role not in roles(kind):
            raise Ungrounded("role that the kind does not have")
        for value in values if isinstance(values, list) else [values]:
            yield _role(kind, role, str(value).strip(), words, start, published, gazetteer)


def _role(
    kind: str, role: str, value: str, words: str, start: int, published: str, gazetteer: Gazetteer
) -> Role:
    if role in NAMES[kind]:
        return role, _name(role, value, words, start, gazetteer)
    if role in TIMES:
        if value not in {time.edtf for time in times(words, published)}:
            raise Ungrounded("date that is not in the quote")
        return role, Literal(value, "edtf")
    if role in NUMBERS:
        if _number(value) not in {quantity.value for quantity in quantities(words)}:
            raise Ungrounded("number that is not in the quote")
        return role, Literal(value, "decimal")
    if role == "duration":
        if value not in {quantity.duration for quantity in quantities(words)}:
            raise Ungrounded("number that is not in the quote")
        return role, Literal(value, "duration")
    return role, Literal(value, "text")


def _number(value: str) -> Decimal | None:
    try:
        return Decimal(value.replace(",", ""))
    except InvalidOperation:
        return None


def _name(role: str, value: str, words: str, start: int, gazetteer: Gazetteer) -> Name:
    place = _locate(value, words)
    if not value or place is None:
        raise Ungrounded("name that is not in the quote")
    entry = gazetteer.get(value)
    if entry is not None and role != "place":
        return Name(entry.name, entry.type, start + place[0], start + place[1])
    kind = TYPE.get(role, "Entity")
    return Name(value, "Organisation" if kind == "Polity" else kind, start + place[0], start + place[1])
