"""`kg mcp`: the graph as tools for agents."""

from __future__ import annotations

from pathlib import Path

import click

from kg.graph.build import CURRENT
from kg.project import Project
from kg.server.mcp import DEADLINE, Toolbox, server
from kg.store.build import Build


@click.command()
@click.option("--http", is_flag=True, help="Serve streamable HTTP instead of standard input and output.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8001, show_default=True)
@click.option("--deadline", type=float, default=DEADLINE, show_default=True, help="Seconds for one query.")
@click.option("--build", "folder", type=click.Path(path_type=Path), help="A build [default: build/current].")
def mcp(http: bool, host: str, port: int, deadline: float, folder: Path | None) -> None:
    """Serve the graph to agents by the Model Context Protocol; every answer carries its citations."""
    toolbox = Toolbox(Build.open(folder or Project.find(Path.cwd()).build / CURRENT), deadline)
    try:
        made = server(toolbox)
        if http:
            made.run("streamable-http", host=host, port=port)
        else:
            made.run("stdio")
    finally:
        toolbox.close()
