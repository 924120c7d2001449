"""What an operator can set, each with its default and a sentence.

`kg serve` makes an option of each, and KG_SERVE_<NAME> sets it in the environment.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from kg.store.distant import Endpoint
from kg.store.remote import query_endpoint

KIB = 1 << 10
MIB = 1 << 20


def _setting(default: Any, sentence: str) -> Any:
    return field(default=default, metadata={"help": sentence})


@dataclass(frozen=True)
class Settings:
    """The settings of a service."""

    host: str = _setting("127.0.0.1", "Address to listen on; 0.0.0.0 for every interface.")
    port: int = _setting(8000, "Port to listen on; 0 takes a free one.")
    workers: int = _setting(1, "Serving processes; they share the port, the graph and the metrics.")
    evaluators: int = _setting(16, "Queries that are evaluated at once, over all workers.")
    queue: int = _setting(512, "Queries that may wait for an evaluator, over all workers; more get 503.")
    patience: float = _setting(5.0, "Seconds that a query waits for an evaluator at most; then it gets 503.")
    deadline: float = _setting(10.0, "Seconds that a query may take; a request may ask for less by timeout=.")
    memory: int = _setting(512, "MiB that one query may take on top of the graph (Linux); 0: no cap.")
    max_answer: int = _setting(64, "MiB of one answer at most, before compression.")
    max_request: int = _setting(2, "MiB of a request's body at most; more gets 413.")
    max_head: int = _setting(64, "KiB of a request's line and headers at most; more gets 431.")
    max_connections: int = _setting(2048, "Open connections of one worker at most; more get 503.")
    receive_timeout: float = _setting(20.0, "Seconds that a client has to send a request; then it gets 408.")
    send_timeout: float = _setting(
        60.0, "Seconds without progress after which a client that does not read is dropped."
    )
    export_deadline: float = _setting(120.0, "Seconds that the export of a graph or of the dataset may take.")
    cache: int = _setting(64, "MiB of answers that each worker keeps; 0: none.")
    cache_entry: int = _setting(1024, "KiB of an answer that is kept at most.")
    max_age: int = _setting(0, "Seconds for which clients need not ask whether an answer is still current.")
    services: tuple[str, ...] = _setting(
        (), "A service that SERVICE may call, as an IRI; may be repeated. None: SERVICE is refused."
    )
    store: str = _setting(
        "", "SPARQL endpoint of a store into which the build was pushed; empty: from memory."
    )
    store_user: str = _setting("", "User name for that store.")
    store_password: str = _setting("", "Password for that store.")
    store_token: str = _setting("", "Bearer token for that store.")
    store_timeout: str = _setting(
        "", "Parameter by which that store takes a time limit, with {s} or {ms}: such as timeout={s}."
    )
    store_rows: int = _setting(
        0, "Triples at which that store cuts an answer without saying so; 0: it does not, or is Virtuoso."
    )
    token: str = _setting(
        "", "Bearer token that every request needs, but for /health and /ready; browsers take it as password."
    )
    metrics_token: str = _setting("", "Bearer token that /metrics needs, in place of the other.")
    root_path: str = _setting("", "Path under which a reverse proxy publishes the service, such as /kg.")
    public_url: str = _setting(
        "", "URL under which the public sees the service, for descriptions; else from the Host header."
    )
    forwarded_allow: str = _setting(
        "127.0.0.1", "Addresses of proxies whose X-Forwarded headers are believed, with commas; * for all."
    )
    access_log: str = _setting("-", "File of the access log; - is standard output; empty: none.")
    shutdown: float = _setting(15.0, "Seconds that running requests get to finish when the service stops.")

    @property
    def endpoint(self) -> Endpoint | None:
        """Where the store elsewhere is; None where the graph is in memory."""
        if not self.store:
            return None
        who = (self.store_user, self.store_password, self.store_token)
        return Endpoint(query_endpoint(self.store), *who, self.store_timeout, self.store_rows)

    def save(self, path: Path) -> None:
        """Write to a file that only this user can read."""
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def load(cls, path: Path) -> Settings:
        """The reverse of `save`."""
        values = json.loads(path.read_text("utf-8"))
        return cls(**{**values, "services": tuple(values["services"])})

    @classmethod
    def sentences(cls) -> dict[str, str]:
        """What each setting means."""
        return {each.name: each.metadata["help"] for each in fields(cls)}
