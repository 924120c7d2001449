# Two commands need nothing but Python and make: `make serve` and `make test`.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
ORIGINALS := $(wildcard ../shared/originals)
READY := .venv/.ready
TESTING := .venv/.testing
CLIENTS := tests/clients/node_modules/.package-lock.json
WEB := src/kg/server/static/query.js

.DEFAULT_GOAL := help
.PHONY: help web screenshots serve build test test-all lint check bench docs expected precision clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("kg needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(TESTING): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

$(CLIENTS): tests/clients/package-lock.json $(TESTING)
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --prefix tests/clients --no-audit --no-fund --silent
	touch $@

# Node comes from PyPI, so that Python and make suffice. Its programs look for it in the path.
$(WEB): $(READY) web/package.json web/package-lock.json $(wildcard web/src/*.ts)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[web]'
	cd web && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --ignore-scripts
	cd web && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent check
	cd web && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent build

web: $(WEB)  ## build the browser code; the pages work without it

screenshots: $(TESTING) $(WEB)  ## take the pictures of docs/ anew
	$(BIN)/python -m tests.screenshots

serve: build  ## build the graph if needed and serve it: make serve [PORT=8000]
	@$(MAKE) --no-print-directory web || echo "The browser code is not built: pages go without it." >&2
	$(BIN)/kg serve --port $(PORT) $(if $(ORIGINALS),--originals $(ORIGINALS))

build: $(READY)  ## build the graph
	$(BIN)/kg build $(if $(ORIGINALS),--originals $(ORIGINALS))

lint: $(TESTING)  ## style, types and the layer rule
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

test: $(TESTING) $(CLIENTS) $(WEB) lint  ## everything that must hold before a commit
	$(BIN)/python -m pytest

test-all: $(TESTING) $(CLIENTS) $(WEB) lint  ## that, and what takes long: soak, fuzzing, timing under attack
	$(BIN)/python -m pytest -m ""

check: $(READY)  ## every problem of the corpus, with file and line
	$(BIN)/kg check $(if $(ORIGINALS),--originals $(ORIGINALS))

bench: $(TESTING)  ## measure; prints ratios side by side
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m bench

docs: $(TESTING)  ## write the generated pages of docs/
	$(BIN)/python -m kg.facts.reference ontology > docs/ontology.md
	$(BIN)/python -m kg.cli.manual serve > docs/settings.md

expected: $(TESTING)  ## write the answers of the named queries; read the difference before you commit
	$(BIN)/python -m tests.queries

precision: $(TESTING)  ## measure extraction on the held-out cases, for what the service shows
	mkdir -p build
	$(BIN)/kg evaluate tests/extract/cases/heldout --precision > build/precision.toml
	mv build/precision.toml src/kg/extract/precision.toml

clean:  ## remove what was built
	rm -rf build .venv web/node_modules src/kg/server/static
