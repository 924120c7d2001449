"""A client that only sends, waits and counts: `python -m bench.client HOST PORT CLIENTS SECONDS < requests`.

Standard input is a JSON list of request targets and a mapping of headers; standard output is JSON with
the number of answers, of errors, and the latencies. Connections are opened before the clock starts.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from functools import partial
from itertools import cycle, islice

import uvloop

LAST_CHUNK = b"0\r\n\r\n"


class Client(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self, requests: list[bytes], start: int) -> None:
        self.requests = cycle([*requests[start:], *requests[:start]])
        self.latencies: list[float] = []
        self.errors = 0
        self.stopping = False
        self.done = asyncio.get_running_loop().create_future()
        self._buffer = b""
        self._need = -1
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def ask(self) -> None:
        self._sent = time.perf_counter()
        self.transport.write(next(self.requests))  # type: ignore[attr-defined]

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
        self._buffer, self._need = b"", -1
        if not self.stopping:
            self.ask()
        elif not self.done.done():
            self.done.set_result(None)

    @staticmethod
    def _measure(head: bytes) -> int:
        """Length of the whole response; 0 where it comes in chunks."""
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                return len(head) + 4 + int(line[15:])
        return 0

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        if not self.done.done():
            self.errors += 1
            self.done.set_result(None)


def _same(client: Client) -> Client:
    return client


async def measure(
    host: str, port: int, clients: int, seconds: float, requests: list[bytes]
) -> dict[str, float]:
    """Send for so long; count what was answered in that time."""
    loop = asyncio.get_running_loop()
    step = max(1, len(requests) // clients)
    everyone = [Client(requests, number * step % len(requests)) for number in range(clients)]
    for client in everyone:
        await loop.create_connection(partial(_same, client), host, port)
    for client in everyone:
        client.ask()
    start = time.perf_counter()
    await asyncio.sleep(seconds)
    for client in everyone:
        client.stopping = True
    took = time.perf_counter() - start
    latencies = sorted(value for client in everyone for value in client.latencies)
    await asyncio.wait([client.done for client in everyone], timeout=30)
    if not latencies:  # not one answer in time: the first that came is all there is
        took = time.perf_counter() - start
        latencies = sorted(value for client in everyone for value in client.latencies) or [took]
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
    requests = list(islice(cycle(requests), max(len(requests), int(clients))))
    print(json.dumps(uvloop.run(measure(host, int(port), int(clients), float(seconds), requests))))


if __name__ == "__main__":
    main()
