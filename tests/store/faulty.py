"""A store that can be made to misbehave: a proxy before a real one, with a mood."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.store.remote import Server

PIECE = 1 << 12


class Faulty(ThreadingHTTPServer):
    """Passes requests on in the mood `well`; else does what the mood says, but for questions of the stamp."""

    daemon_threads = True

    def __init__(self, target: Server) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = target
        self.mood = "well"
        self.asked: list[str] = []
        """The bodies of all requests but those of the stamp."""
        self.dropped = threading.Event()
        """Set when a client has gone away while it was kept waiting."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Faulty

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        stamp = b"graph%2Fpushed" in body
        if not stamp:
            self.server.asked.append(body.decode())
        getattr(self, "well" if stamp else self.server.mood)(body)

    def well(self, body: bytes) -> None:
        status, kind, answer = self.ask(body)
        self.head(status, kind, {"Content-Length": str(len(answer))})
        self.wfile.write(answer)

    def hanging(self, _: bytes) -> None:
        """Never answers; notes when the client has had enough."""
        self.connection.settimeout(20)
        if not self.connection.recv(1):
            self.server.dropped.set()
        self.close_connection = True

    def failing(self, _: bytes) -> None:
        self.head(500, "text/plain", {"Content-Length": "9"})
        self.wfile.write(b"not today")

    def busy(self, _: bytes) -> None:
        self.head(503, "text/plain", {"Content-Length": "0"})

    def disliking(self, _: bytes) -> None:
        self.head(400, "text/plain", {"Content-Length": "11"})
        self.wfile.write(b"what a word")

    def short(self, body: bytes) -> None:
        """Promises more than it gives."""
        _, kind, answer = self.ask(body)
        self.head(200, kind, {"Content-Length": str(len(answer))})
        self.wfile.write(answer[: len(answer) - 20])
        self.close_connection = True

    def breaking(self, body: bytes) -> None:
        """Ends in the middle of a chunked answer."""
        _, kind, answer = self.ask(body)
        self.head(200, kind, {"Transfer-Encoding": "chunked"})
        half = answer[: len(answer) // 2]
        for start in range(0, len(half), PIECE):
            piece = half[start : start + PIECE]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.close_connection = True

    def cutting(self, body: bytes) -> None:
        """Gives the first half for the whole: its length is right, and its end is missing."""
        _, kind, answer = self.ask(body)
        half = answer[: len(answer) // 2]
        self.head(200, kind, {"Content-Length": str(len(half))})
        self.wfile.write(half)

    def undelimited(self, body: bytes) -> None:
        """Does not say where the answer ends."""
        _, kind, answer = self.ask(body)
        self.head(200, kind, {"Connection": "close"})
        self.wfile.write(answer)

    def few(self, body: bytes) -> None:
        """Says, as Virtuoso does, that these are not all rows."""
        _, kind, answer = self.ask(body)
        self.head(200, kind, {"Content-Length": str(len(answer)), "X-SPARQL-MaxRows": "10000"})
        self.wfile.write(answer)

    def abandoning(self, _: bytes) -> None:
        """Goes away after some megabytes."""
        self.stream(16)
        self.server.dropped.set()

    def endless(self, _: bytes) -> None:
        """Writes rows for as long as somebody reads."""
        self.stream(1 << 20)

    def stream(self, pieces: int) -> None:
        self.head(200, "application/sparql-results+json", {"Transfer-Encoding": "chunked"})
        row = b'{"s":{"type":"literal","value":"%b"}},' % (b"x" * PIECE)
        self.wfile.write(self.chunk(b'{"head":{"vars":["s"]},"results":{"bindings":['))
        try:
            for _ in range(pieces):
                self.wfile.write(self.chunk(row * 64))
        except OSError:
            self.server.dropped.set()
        self.close_connection = True

    def chunk(self, data: bytes) -> bytes:
        return b"%x\r\n%b\r\n" % (len(data), data)

    def ask(self, body: bytes) -> tuple[int, str, bytes]:
        """What the real store answers."""
        headers = {name: self.headers[name] for name in ("Content-Type", "Accept")}
        request = urllib.request.Request(self.server.target.url + self.path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.headers["Content-Type"], response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, "text/plain", error.read()
        except OSError:
            return 502, "text/plain", b"it is away"

    def head(self, status: int, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def faulty(target: Server) -> Iterator[Faulty]:
    """A store with moods before a real one."""
    server = Faulty(target)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
