"""Real stores for tests, and a proxy that makes them misbehave."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from sysconfig import get_path

OXIGRAPH = Path(get_path("scripts")) / "oxigraph"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server process that can be stopped and started again on the same port."""

    def __init__(self, command: list[str], port: int, ready: str, folder: Path) -> None:
        self.command = command
        self.url = f"http://127.0.0.1:{port}"
        self._ready = f"{self.url}{ready}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = (self._folder / "server.log").open("ab")
        with log:
            self._process = subprocess.Popen(self.command, cwd=self._folder, stdout=log, stderr=log)
        for _ in range(600):
            assert self._process.poll() is None, (self._folder / "server.log").read_text("utf-8")
            try:
                with urllib.request.urlopen(self._ready, timeout=5):
                    return
            except urllib.error.HTTPError as error:
                error.close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("The store does not start.")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    """PyPI's `oxigraph serve`, on loopback."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    command = [str(OXIGRAPH), "serve", "--location", str(folder / "db"), "--bind", f"127.0.0.1:{port}"]
    server = Server(command, port, "/query?query=ASK%7B%7D", folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


VIRTUOSO = which("virtuoso-t")
INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = .
DefaultHost = 127.0.0.1:{http}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = 10000
"""


@contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    """Debian's Virtuoso, on loopback; anybody may update it there."""
    assert VIRTUOSO, "This test needs Debian's virtuoso-opensource."
    folder.mkdir(exist_ok=True)
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(INI.format(folder=folder, sql=sql, http=http), "utf-8")
    server = Server(
        [VIRTUOSO, "+foreground", "+configfile", "virtuoso.ini"], http, "/sparql?query=ASK%7B%7D", folder
    )
    server.start()
    try:
        grant = 'GRANT SPARQL_UPDATE TO "SPARQL";'
        subprocess.run(
            ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={grant}"], check=True, capture_output=True
        )
        yield server
    finally:
        server.kill()


Trouble = Callable[[int], int | None]
"""For the number of a request: a status to answer with, 0 to hang up, None to let it pass."""


@contextmanager
def proxy(target: Server, trouble: Trouble, delay: float = 0) -> Iterator[str]:
    """A server before a store that gets in the way of some requests; its address."""
    counter = iter(range(1, 1_000_000))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            time.sleep(delay)
            status = trouble(next(counter))
            if status == 0:
                self.close_connection = True
                return
            if status is not None:
                self.answer(status, "text/plain", b"not today")
                return
            headers = {name: self.headers[name] for name in ("Content-Type", "Accept") if self.headers[name]}
            request = urllib.request.Request(
                target.url + self.path, body or None, headers, method=self.command
            )
            try:
                with urllib.request.urlopen(request, timeout=30) as response:
                    kind = response.headers.get("Content-Type", "text/plain")
                    self.answer(response.status, kind, response.read())
            except urllib.error.HTTPError as error:
                with error:
                    self.answer(error.code, "text/plain", error.read())
            except OSError:
                self.close_connection = True

        do_DELETE = do_POST  # noqa: N815

        def answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
