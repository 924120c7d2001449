"""One serving process: `python -m kg.server.worker DIRECTORY NUMBER DESCRIPTOR`, started by the supervisor.

It ends gracefully on SIGTERM, and at once when the supervisor is gone.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
from pathlib import Path

import uvicorn

from kg.server.app import create_app
from kg.server.http import limited_protocol
from kg.server.settings import Settings

SETTINGS = "settings.json"
"""File that the supervisor leaves the settings in."""
GARBAGE = 10_000
"""New objects between two looks for garbage in cycles, of which requests leave little."""
KEEP_ALIVE = 30
"""Seconds that an idle connection is kept."""


def serve(directory: Path, worker: int, listener: socket.socket) -> None:
    """Serve on a socket that listens already, until told to stop."""
    settings = Settings.load(directory / SETTINGS)
    app = create_app(settings, directory, worker)
    config = uvicorn.Config(
        app,
        http=limited_protocol(settings, app.state.lane),
        ws="none",
        log_level="critical",
        access_log=False,
        proxy_headers=bool(settings.forwarded_allow),
        forwarded_allow_ips=settings.forwarded_allow,
        server_header=False,
        limit_concurrency=settings.max_connections,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=int(settings.shutdown),
    )
    server = uvicorn.Server(config)
    _end_with_supervisor()
    gc.collect()
    gc.freeze()  # the program itself is no garbage, and need not be looked through
    gc.set_threshold(GARBAGE)
    server.run(sockets=[listener])


def _end_with_supervisor() -> None:
    """Stop when standard input closes: the other end is the supervisor's, and the kernel closes it."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), socket.socket(fileno=int(sys.argv[3])))
