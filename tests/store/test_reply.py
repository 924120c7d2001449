from __future__ import annotations

import asyncio

import pytest

from kg.errors import Interrupted, QueryTooBig
from kg.store.reply import Reply


async def collect(reply: Reply, into: list[bytes]) -> None:
    async for piece in reply.pieces():
        into.append(piece)  # noqa: PERF401  # what came before the break is wanted


def test_a_whole_reply_begins_when_it_ends() -> None:
    async def scenario() -> bytes:
        reply = Reply()
        loop = asyncio.get_running_loop()
        loop.call_soon(reply.put, b"ab")
        loop.call_soon(reply.put, b"cd")
        loop.call_soon(reply.finish, 2)
        await reply.begin()
        assert reply.whole
        return reply.take()

    assert asyncio.run(scenario()) == b"abcd"


def test_an_error_comes_before_the_first_byte_is_given() -> None:
    async def scenario() -> None:
        reply = Reply()
        reply.put(b"half")
        reply.fail(QueryTooBig("too big"))
        await reply.begin()

    with pytest.raises(QueryTooBig):
        asyncio.run(scenario())


def test_a_big_reply_begins_early_and_breaks_where_it_fails() -> None:
    async def scenario() -> list[bytes]:
        reply = Reply(hold=4)
        reply.put(b"abcd")
        await reply.begin()
        assert not reply.whole
        taken = []
        loop = asyncio.get_running_loop()
        loop.call_soon(reply.put, b"ef")
        loop.call_later(0.01, reply.fail, Interrupted("gone"))
        with pytest.raises(Interrupted):
            await collect(reply, taken)
        return taken

    assert asyncio.run(scenario()) == [b"abcd", b"ef"]


def test_what_fails_after_the_end_is_whole_all_the_same() -> None:
    reply = Reply()
    reply.finish(0)
    reply.fail(Interrupted("late"))
    assert reply.whole
    asyncio.run(reply.begin())


def test_taking_tells_the_sender() -> None:
    told: list[int] = []
    reply = Reply()
    reply.on_drain(lambda: told.append(reply.size))
    reply.put(b"abc")
    assert (reply.size, reply.take(), told) == (3, b"abc", [0])
