# The only list of commands. Every target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all engines engines-short check bench docs clean

help:  ## List the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 15

setup: $(VENV)/.installed  ## Make .venv with everything in it; rfm is .venv/bin/rfm

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("rfm needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: setup  ## The whole round on real data: 69,659 purchases of 23,570 customers
	$(BIN)/rfm demo

# Files as they come: by default those with few tests go last, and those are the long ones.
PYTEST := $(BIN)/pytest --ignore tests/engines --numprocesses 2 --dist loadfile --no-loadscope-reorder

test: setup  ## The tests that need nothing but this folder, without those that run for minutes
	$(PYTEST) -m "not long"

test-all: setup  ## The same with those that run for minutes
	$(PYTEST)

$(VENV)/.engines: pyproject.toml $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,engines]'
	touch $@

engines: $(VENV)/.engines  ## The same numbers on DuckDB, a real PostgreSQL and a real Spark (both started and stopped here)
	$(BIN)/pytest tests/engines --numprocesses 2 --dist loadscope

engines-short: $(VENV)/.engines  ## What differs first: the golden marts, macros, reading, refusals; the rest takes minutes each
	$(BIN)/pytest tests/engines --numprocesses 2 --dist loadscope -m "not long"

check: setup  ## Format, lint, types, import rules, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfmt --check --line-length 100 models macros tests/dbt
	$(BIN)/typos

bench: setup  ## Measure speed and memory, with the usual tools beside us (takes about two hours)
	$(BIN)/python benchmarks/run.py
	$(BIN)/python -m benchmarks.identity 1e6
	$(BIN)/python -m benchmarks.identity_company --seeds 1,2,3
	$(BIN)/python -m benchmarks.identity_febrl 1 2 3 4
	$(BIN)/python -m benchmarks.identity_components
	$(BIN)/python -m benchmarks.profit_company --seeds 1,2,3
	$(BIN)/python -m benchmarks.profit_scale
	$(BIN)/python -m benchmarks.holdout

docs: setup  ## The dbt documentation as one file, target/static_index.html
	$(BIN)/dbt docs generate --static --profiles-dir .

clean:  ## Remove what the other commands made, except the environment
	rm -rf target logs dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
