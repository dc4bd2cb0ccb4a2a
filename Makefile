# Two commands: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv --quiet --no-progress
PIP := $(UV) pip install --python $(BIN)/python
COMPILE := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header
TOOLS := $(VENV)/.tools
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development

.PHONY: help runtime venv lock assets run test test-sqlite test-postgres journeys check check-types check-style check-contracts check-templates format messages query-counts screenshots bench clean

help:
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16

$(TOOLS): requirements/tools.txt
	@echo "· virtual environment"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Duikou needs Python 3.11 or newer; say which with PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

$(RUNTIME): $(TOOLS) requirements/base.txt pyproject.toml
	@echo "· pinned dependencies"
	@$(PIP) --require-hashes -r requirements/base.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements/dev.txt
	@echo "· development dependencies"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

runtime: $(RUNTIME)  ## virtual environment with what running needs

venv: $(DEVELOPMENT)  ## virtual environment with what developing and testing need

lock: $(TOOLS)  ## pin dependencies with hashes (LOCK_ARGS="--upgrade" or "--upgrade-package NAME")
	$(COMPILE) $(LOCK_ARGS) requirements/tools.in -o requirements/tools.txt
	$(COMPILE) $(LOCK_ARGS) requirements/base.in -o requirements/base.txt
	$(COMPILE) $(LOCK_ARGS) requirements/dev.in -o requirements/dev.txt

assets: runtime  ## front end: style, scripts, icons, map (does nothing when up to date)
	@$(BIN)/python assets/build.py

run: assets  ## the site on http://127.0.0.1:8000 (PORT=…, HOST=…, DUIKOU_HOME=…, DATABASE_URL=…)
	@exec $(BIN)/duikou run --host $(HOST) --port $(PORT)

check: check-types check-style check-contracts check-templates  ## format, lint, types, contracts (`make -j2 check`: side by side)

check-types: venv
	$(BIN)/mypy

check-style: venv
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

check-contracts: venv
	$(BIN)/lint-imports

check-templates: venv
	$(BIN)/djlint --check --lint duikou config

format: venv  ## let the formatters lay the code out
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint --quiet --reformat duikou config || true

test: venv assets  ## everything: SQLite, then PostgreSQL, journeys in a browser on both (what a machine lacks is said aloud)
	@$(BIN)/python -m tests.everything

test-sqlite: venv assets  ## rooms and house on SQLite, no browser
	$(BIN)/pytest -n 2 -m "not journey"

test-postgres: venv assets  ## rooms and house on a temporary PostgreSQL, no browser
	$(BIN)/python -m tests.postgres -- $(BIN)/pytest -n 2 -m "not journey"

journeys: venv assets  ## the journeys in a browser, on SQLite
	$(BIN)/pytest -m journey

messages: venv  ## take new texts into the English catalogue (needs gettext)
	$(BIN)/duikou messages extract

query-counts: venv  ## rewrite tests/query_counts.json from what the tests measure
	DUIKOU_QUERY_COUNTS=write $(BIN)/pytest -q -m "not journey"

screenshots: venv assets  ## rewrite docs/screenshots from the journeys
	DUIKOU_SCREENSHOTS=write $(BIN)/pytest -m journey tests/journeys/test_pages.py

bench: venv  ## ratios against peers in the same run (BENCH="import writes"; `python -m bench` lists them)
	$(BIN)/python -m bench $(or $(BENCH),all)

clean:  ## remove what make made (never the data folder)
	rm -rf $(VENV) assets/node_modules assets/generated assets/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info build
