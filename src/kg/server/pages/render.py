"""Templates and what was found become pages."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from fastapi import Request, Response

from kg import __version__
from kg.errors import KgError
from kg.server.api.reply import is_known, tag_of
from kg.server.catalog import Volume
from kg.server.negotiation import choose
from kg.server.pages import neighbourhood, text, timeline
from kg.server.pages.notes import Notes
from kg.server.problem import OFFERS, problem
from kg.server.settings import Settings
from kg.store.shape import short
from kg.terms import KG

HTML = "text/html"
HERE = Path(__file__).parent.parent
ASSETS = HERE / "assets"
"""The stylesheet and the icon."""
STATIC = HERE / "static"
"""What the browser code was built into; the pages work without it."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""https://www.w3.org/TR/CSP3/: nothing inline, nothing from elsewhere."""


class Pages:
    """Renders pages."""

    def __init__(self, settings: Settings) -> None:
        self._root = settings.root_path.rstrip("/")
        self.version = _version()
        self.templates = jinja2.Environment(
            loader=jinja2.PackageLoader("kg.server", "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters |= {"label": label, "words": words, "short": short, "number": number}
        self.templates.globals |= {
            "root": self._root,
            "scripts": {path.stem for path in STATIC.glob("*.js")},
            "version": self.version,
            "guarded": bool(settings.token),
        }

    def page(self, request: Request, volume: Volume, template: str, **found: Any) -> Response:
        """Render a template. The ETag holds the version of program and templates too."""
        tag = tag_of(request, volume, self.version)
        headers = {
            "etag": tag,
            "vary": "Accept",
            "cache-control": "no-cache",
            "content-security-policy": POLICY,
        }
        if is_known(request, tag):
            return Response(status_code=304, headers=headers)
        return Response(self._render(request, volume, template, found), media_type=HTML, headers=headers)

    def thing(
        self, request: Request, volume: Volume, thing: str, name: str, found: Mapping[str, Any]
    ) -> Response:
        """The page of an entity, a source or a fact."""
        more = _MORE[thing](volume, name, found)
        return self.page(request, volume, f"{thing}.html", name=name, found=found, **more)

    def error(self, request: Request, error: KgError) -> Response:
        """A page that tells of an error to a browser, problem JSON to others."""
        accept = request.headers.get("accept")
        if choose(accept, (*OFFERS, HTML)) != HTML:
            told = problem(error, accept)
            headers = {key.decode(): value.decode("latin-1") for key, value in told.headers}
            return Response(told.body, told.status, headers)
        template = self.templates.get_template("error.html")
        body = template.render(error=error, status=error.status, build=None, page="error")
        headers = {"cache-control": "no-store", "vary": "Accept", "content-security-policy": POLICY}
        return Response(body, error.status, headers, HTML)

    def _render(self, request: Request, volume: Volume, template: str, found: Mapping[str, Any]) -> str:
        base = volume.build.base

        def path(iri: str) -> str:
            """Where an IRI of the graph is found here; others stay as they are."""
            return f"{self._root}/{iri[len(base) :]}" if iri.startswith(base) and KG not in iri else iri

        shared = {
            "build": volume.build,
            "path": path,
            "page": template.removesuffix(".html"),
            "query": defaultdict(str, request.query_params),
            "twin": _given(request),
            "notes": Notes(),
            "between": timeline.between,
        }
        return self.templates.get_template(template).render(**shared, **found)


def _given(request: Request) -> str:
    """The query string without the fields of a form that were left empty."""
    return urlencode([(key, value) for key, value in request.query_params.multi_items() if value])


def label(reference: Mapping[str, Any]) -> str:
    """What to call a thing."""
    found = reference.get("label", "")
    named = found["@value"] if isinstance(found, dict) else found
    return str(named) or short(reference["id"])


def words(value: Any) -> str:
    """A text, whether or not it says its own language."""
    return str(value["@value"]) if isinstance(value, Mapping) else str(value)


def number(value: float) -> str:
    """A number with thin spaces between thousands."""
    whole = f"{value:,.0f}" if value == int(value) else f"{value:,}"
    return whole.replace(",", "\u202f")


def _version() -> str:
    """A hash of the program's version and of every file that a page is made of."""
    digest = hashlib.blake2b(__version__.encode(), digest_size=8)
    for folder in (HERE / "templates", HERE / "pages", ASSETS, STATIC):
        for path in sorted(folder.glob("*.*")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _entity(volume: Volume, name: str, found: Mapping[str, Any]) -> dict[str, Any]:
    ties = volume.lookup.neighbours(name)
    return {
        "ties": neighbourhood.fan(found["id"], ties),
        "dates": timeline.around(volume.lookup, found, [*found["facts"], *found["mentions"]]),
    }


def _source(volume: Volume, name: str, found: Mapping[str, Any]) -> dict[str, Any]:
    original = volume.lookup.text(name)
    return {
        "facts": volume.lookup.facts_of_source(name),
        "pieces": text.pieces(original, found["passages"]) if original else None,
    }


def _fact(volume: Volume, name: str, found: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {}


_MORE = {"entity": _entity, "source": _source, "fact": _fact}
"""What the page of a thing needs on top of its JSON."""
