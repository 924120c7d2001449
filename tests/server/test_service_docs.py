"""The manual of the service says what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.server.metrics import COUNTERS, GAUGES, OUTCOMES
from kg.server.settings import Settings

DOCS = Path(__file__).parent.parent.parent / "docs"
MANUAL = (DOCS / "service.md").read_text("utf-8")
SETTINGS = (DOCS / "settings.md").read_text("utf-8")


@pytest.mark.parametrize(("name", "sentence"), Settings.sentences().items())
def test_every_setting_has_its_sentence(name: str, sentence: str) -> None:
    assert f"`KG_SERVE_{name.upper()}`" in SETTINGS
    assert sentence in SETTINGS
    assert sentence.endswith(".")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_is_named(outcome: str) -> None:
    assert f"`{outcome}`" in MANUAL


@pytest.mark.parametrize(
    "metric", [*GAUGES, *(f"{name}_total" for name in COUNTERS), "queries_total", "query_seconds"]
)
def test_every_metric_is_named(metric: str) -> None:
    assert f"`kg_{metric}`" in MANUAL
