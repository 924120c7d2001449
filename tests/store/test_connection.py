"""What an evaluator is given ahead is answered in order, or taken back, and no answer goes to another job."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from kg.store.confine import Limits
from kg.store.connection import Connection
from kg.store.frames import Decoder, Frame, Kind, pack, pack_end, pack_json
from kg.store.reply import Reply

HEAD = pack_json(Kind.HEAD, {"format": "json", "gzip": False})


class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.aborted = False
        self._written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._written += bytes(data)

    def abort(self) -> None:
        self.aborted = True

    @property
    def frames(self) -> list[Frame]:
        """The messages after the first, which asks for the process."""
        return Decoder().feed(self._written)[1:]


class Crew:
    """Owner of one evaluator; notes what is said of it."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.said: list[str] = []
        self.evaluator = Connection(self, Limits(0), 1, "")
        self.evaluator.connection_made(self.wire)
        self.hear(pack_json(Kind.HELLO, {"pid": 0, "build": "b"}))
        self.said.clear()

    def ready(self, evaluator: Connection) -> None:
        self.said.append("free" if evaluator.free else "ready")

    def gone(self, evaluator: Connection) -> None:
        assert evaluator is self.evaluator
        assert evaluator.load == 0  # else it would be given more
        self.said.append("gone")

    def give(self, *names: str) -> list[Task]:
        tasks = [Task(name, self.said.append) for name in names]
        for task in tasks:
            self.evaluator.start(task.name.encode(), task)
        return tasks

    def hear(self, data: bytes) -> None:
        self.evaluator.data_received(data)


class Task:
    """A job that notes what becomes of it."""

    def __init__(self, name: str, say: Callable[[str], None]) -> None:
        self.name = name
        self.reply = Reply()
        self._say = say

    def begin(self) -> None:
        self._say(f"{self.name} begins")

    def broken(self) -> None:
        self._say(f"{self.name} broken")

    def put_back(self) -> None:
        self._say(f"{self.name} back")


@pytest.fixture
def crew() -> Crew:
    return Crew()


def answer(text: str) -> bytes:
    return HEAD + pack(Kind.DATA, text.encode()) + pack_end(1)


def test_jobs_are_answered_in_order(crew: Crew) -> None:
    a, b = crew.give("a", "b")
    assert crew.wire.frames == [(Kind.JOB, b"a"), (Kind.JOB, b"b")]
    crew.hear(answer("1") + answer("2"))
    assert (a.reply.take(), b.reply.take()) == (b"1", b"2")
    assert crew.said == ["b begins", "ready", "free"]


def test_what_is_not_begun_is_taken_back_the_last_first(crew: Crew) -> None:
    """Each goes to the front of the queue, so that they stand there in their order."""
    a, b, c = crew.give("a", "b", "c")
    crew.evaluator.recall()
    assert crew.wire.frames[3:] == [(Kind.RECALL, (2).to_bytes(8))]
    assert crew.said == ["c back", "b back"]
    assert (crew.evaluator.load, crew.evaluator.steady) == (1, False)
    crew.hear(answer("1"))
    assert (a.reply.whole, b.reply.done, c.reply.done) == (True, False, False)
    assert not crew.evaluator.free
    crew.hear(pack(Kind.RECALL))
    assert crew.said[2:] == ["ready", "free"]
    assert crew.evaluator.steady


def test_the_answer_to_what_was_taken_back_is_nobodys(crew: Crew) -> None:
    """The evaluator had ended the first job, and begun the second, before it heard of the recall."""
    _, b = crew.give("a", "b")
    crew.evaluator.recall()
    crew.hear(answer("1") + answer("2") + pack(Kind.RECALL))
    assert not b.reply.done
    assert crew.evaluator.free
    [c] = crew.give("c")
    crew.hear(answer("3"))
    assert c.reply.take() == b"3"
    assert not crew.wire.aborted


def test_one_job_alone_is_not_recalled(crew: Crew) -> None:
    crew.give("a")
    crew.evaluator.recall()
    assert crew.wire.frames == [(Kind.JOB, b"a")]
    assert crew.evaluator.steady


def test_what_nobody_wants_is_not_put_back(crew: Crew) -> None:
    _, b, _ = crew.give("a", "b", "c")
    crew.evaluator.cancel(b)
    assert crew.said == ["c back"]
    assert crew.wire.frames[3:] == [(Kind.RECALL, (2).to_bytes(8))]
    assert not crew.wire.aborted


def test_to_cancel_what_is_under_way_ends_the_process(crew: Crew) -> None:
    a, _ = crew.give("a", "b")
    crew.evaluator.cancel(a)
    assert crew.wire.aborted
    crew.evaluator.connection_lost(None)
    assert crew.said == ["b back", "gone"]


def test_an_evaluator_that_ends_breaks_only_what_it_has_begun(crew: Crew) -> None:
    crew.give("a", "b", "c")
    crew.evaluator.connection_lost(None)
    assert crew.said == ["gone", "c back", "b back", "a broken"]


def test_to_cancel_what_is_done_changes_nothing(crew: Crew) -> None:
    a, _ = crew.give("a", "b")
    crew.hear(answer("1"))
    crew.evaluator.cancel(a)
    assert not crew.wire.aborted
    assert crew.evaluator.load == 1


def test_an_evaluator_that_speaks_unasked_is_ended(crew: Crew) -> None:
    crew.hear(answer("1"))
    assert crew.wire.aborted
