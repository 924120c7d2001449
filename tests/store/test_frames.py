from __future__ import annotations

import itertools
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store.frames import Channel, Decoder, Kind, pack, pack_end, pack_json, pack_number, unpack_end

FRAMES = st.lists(st.tuples(st.sampled_from(Kind), st.binary(max_size=50)), max_size=8)


def test_a_message_is_kind_length_payload() -> None:
    assert pack(Kind.DATA, b"abc") == b"\x06\x00\x00\x00\x03abc"
    assert pack_json(Kind.HEAD, {"rows": 2}) == b'\x05\x00\x00\x00\x0b{"rows": 2}'


@pytest.mark.parametrize("rows", [0, 3, 1 << 40, None])
def test_the_end_tells_the_rows_where_they_are_known(rows: int | None) -> None:
    [(kind, payload)] = Decoder().feed(pack_end(rows))
    assert (kind, unpack_end(payload)) == (Kind.END, rows)


@given(FRAMES, st.lists(st.integers(0, 500), max_size=5))
def test_messages_survive_being_cut_anywhere(frames: list[tuple[Kind, bytes]], cuts: list[int]) -> None:
    data = b"".join(pack(*frame) for frame in frames)
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    decoder = Decoder()
    pieces = [data[start:end] for start, end in itertools.pairwise(places)]
    assert [frame for piece in pieces for frame in decoder.feed(piece)] == frames


@given(st.binary(max_size=100), st.integers(1, 20))
def test_a_cut_stream_has_no_end(body: bytes, missing: int) -> None:
    data = pack(Kind.DATA, body) + pack_end(None)
    kinds = [kind for kind, _ in Decoder().feed(data[:-missing])]
    assert Kind.END not in kinds


def test_a_channel_gives_messages_until_the_other_side_closes() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(pack(Kind.JOB, b"1") + pack(Kind.JOB, b"2"))
        theirs.shutdown(socket.SHUT_WR)
        channel = Channel(ours)
        assert [channel.receive() for _ in range(3)] == [(Kind.JOB, b"1"), (Kind.JOB, b"2"), None]


@pytest.mark.parametrize(("recalled", "left"), [(0, [b"a", b"b", b"c"]), (2, [b"a"]), (3, []), (9, [])])
def test_the_last_jobs_can_be_recalled(recalled: int, left: list[bytes]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        jobs = b"".join(pack(Kind.JOB, job) for job in (b"a", b"b", b"c"))
        theirs.sendall(jobs + pack_number(Kind.RECALL, recalled))
        channel = Channel(ours)
        channel.look()
        received = [channel.receive() for _ in range(len(left) + 1)]
    assert received == [*((Kind.JOB, job) for job in left), (Kind.RECALL, recalled.to_bytes(8))]


def test_to_look_does_not_wait() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = Channel(ours)
        channel.look()
        theirs.sendall(pack(Kind.JOB, b"a"))
        channel.look()
        assert channel.receive() == (Kind.JOB, b"a")
