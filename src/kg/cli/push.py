"""`kg push`: the build goes into a store elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kg.graph.build import CURRENT
from kg.project import Project
from kg.store.build import Build
from kg.store.push import Protocol, Pusher, state_file
from kg.store.remote import Remote, query_endpoint

PROTOCOLS = [protocol.value for protocol in Protocol]


@click.command()
@click.argument("url")
@click.option("--protocol", type=click.Choice(PROTOCOLS), default="update", show_default=True)
@click.option("--query-url", help="Where the store answers queries [default: URL; for …/update, …/query].")
@click.option("--default-graph", default="", help="IRI for the default graph, for stores that have none.")
@click.option(
    "--batch", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, help="Lines a request."
)
@click.option("--rdf12", is_flag=True, help="Send the triple terms of RDF 1.2 too.")
@click.option(
    "--as-string", multiple=True, metavar="IRI", help="Datatype to send as plain strings; repeatable."
)
@click.option("--replace", is_flag=True, help="Clear the graphs of the build before the first batch.")
@click.option("--restart", is_flag=True, help="Begin again, whatever an earlier push has done.")
@click.option("--timeout", type=float, default=60, show_default=True, help="Seconds for one request.")
@click.option(
    "--patience", type=float, default=120, show_default=True, help="Seconds to try a request again."
)
@click.option(
    "--user",
    default="",
    help="User name; the password is read from KG_PUSH_PASSWORD, a bearer token from KG_PUSH_TOKEN.",
)
@click.option("--build", "folder", type=click.Path(path_type=Path), help="A build [default: build/current].")
def push(
    url: str, protocol: str, query_url: str | None, default_graph: str, batch: int, rdf12: bool,
    as_string: tuple[str, ...], replace: bool, restart: bool, timeout: float, patience: float, user: str,
    folder: Path | None,
) -> None:  # fmt: skip
    """Load the build into the store at URL, in batches, and compare it with what is there afterwards.

    When it stops half-way, the same command goes on from there.
    """
    if not url.startswith(("http://", "https://")):
        raise click.BadParameter("URL must begin with http:// or https://.")
    build = Build.open(folder or Project.find(Path.cwd()).build / CURRENT)
    password, token = (os.environ.get(name, "") for name in ("KG_PUSH_PASSWORD", "KG_PUSH_TOKEN"))
    remote = Remote(url, query_url or query_endpoint(url), user, password, token, timeout, patience)
    state = state_file(build.path.parent, url)
    if restart:
        state.unlink(missing_ok=True)
    pusher = Pusher(build, remote, Protocol(protocol), batch, default_graph, rdf12, frozenset(as_string))
    pushed = pusher.push(state, replace)
    for graph, count in sorted(pushed.triples.items()):
        click.echo(f"{count:>10}  {graph or 'default graph'}")
    if pushed.resumed:
        click.echo(f"Went on after batch {pushed.resumed}.", err=True)
    click.echo(f"Verified: {pushed.triples.total()} triples, digest {pushed.hexdigest}")
