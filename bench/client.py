"""A client that only sends, waits and counts: `python -m bench.client HOST PORT CLIENTS SECONDS < requests`.

Standard input is a JSON list of request targets and a mapping of headers; standard output is JSON with
the rate and the latencies. All connections take their requests from one list, and the clock runs until
whole rounds of it are answered, so that every server is measured on the same mix. Connections are
opened before the clock starts.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator

import uvloop

LAST_CHUNK = b"0\r\n\r\n"


class Rounds:
    """The requests, over and over; they end with the first round that ends after the time is up."""

    def __init__(self, requests: list[bytes], seconds: float) -> None:
        self.until = time.perf_counter() + seconds
        self._requests = self._all(requests)

    def next(self) -> bytes | None:
        """The next request; None when there are enough."""
        return next(self._requests, None)

    def _all(self, requests: list[bytes]) -> Iterator[bytes]:
        while True:
            yield from requests
            if time.perf_counter() >= self.until:
                return


class Client(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.errors = 0
        self.done = asyncio.get_running_loop().create_future()
        self._buffer = bytearray()
        self._need = -1
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def start(self, rounds: Rounds) -> None:
        self._rounds = rounds
        self._ask()

    def _ask(self) -> None:
        request = self._rounds.next()
        if request is None:
            self.done.set_result(None)
        else:
            self._sent = time.perf_counter()
            self.transport.write(request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._need < 0:
            head, found, _ = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            self._need = self._measure(head)
        if len(self._buffer) < self._need or (not self._need and not self._buffer.endswith(LAST_CHUNK)):
            return
        self.latencies.append(time.perf_counter() - self._sent)
        self.errors += not self._buffer.startswith(b"HTTP/1.1 200")
        self._buffer, self._need = bytearray(), -1
        self._ask()

    @staticmethod
    def _measure(head: bytearray) -> int:
        """Length of the whole response; 0 where it comes in chunks."""
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                return len(head) + 4 + int(line[15:])
        return 0

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        if not self.done.done():
            self.errors += 1
            self.done.set_result(None)


async def measure(
    host: str, port: int, clients: int, seconds: float, requests: list[bytes]
) -> dict[str, float]:
    """Send whole rounds of the requests for at least so long; rate in answers a second, latencies in ms."""
    loop = asyncio.get_running_loop()
    everyone = [(await loop.create_connection(Client, host, port))[1] for _ in range(clients)]
    rounds = Rounds(requests, seconds)
    start = time.perf_counter()
    for client in everyone:
        client.start(rounds)
    await asyncio.wait([client.done for client in everyone])
    took = time.perf_counter() - start
    latencies = sorted(value for client in everyone for value in client.latencies)
    for client in everyone:
        client.transport.close()
    return {
        "rate": len(latencies) / took,
        "p50": latencies[len(latencies) // 2] * 1000,
        "p99": latencies[min(len(latencies) - 1, int(len(latencies) * 0.99))] * 1000,
        "errors": sum(client.errors for client in everyone),
    }


def main() -> None:
    host, port, clients, seconds = sys.argv[1:]
    targets, headers = json.load(sys.stdin)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    requests = [f"GET {target} HTTP/1.1\r\nHost: {host}:{port}\r\n{lines}\r\n".encode() for target in targets]
    print(json.dumps(uvloop.run(measure(host, int(port), int(clients), float(seconds), requests))))


if __name__ == "__main__":
    main()
