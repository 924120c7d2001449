# Two commands need nothing but Python and make: `make serve` and `make test`.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
ORIGINALS := $(wildcard ../shared/originals)
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help serve build test lint check bench docs clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("kg needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

serve: $(READY)  ## build the graph if needed and serve it: make serve [PORT=8000]
	$(BIN)/kg serve --port $(PORT)

build: $(READY)  ## build the graph
	$(BIN)/kg build $(if $(ORIGINALS),--originals $(ORIGINALS))

lint: $(READY)  ## style, types and the layer rule
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

test: $(READY) lint  ## everything that must hold before a commit
	$(BIN)/python -m pytest

check: $(READY)  ## every problem of the corpus, with file and line
	$(BIN)/kg check $(if $(ORIGINALS),--originals $(ORIGINALS))

bench: $(READY)  ## measure; prints ratios side by side
	$(BIN)/python -m bench

docs: $(READY)  ## write the generated pages of docs/
	$(BIN)/python -m kg.facts.reference ontology > docs/ontology.md

clean:  ## remove what was built
	rm -rf build .venv
