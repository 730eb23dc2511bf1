# Everything is installed into this checkout (.venv, var); nothing else on the machine is touched,
# but for `make test-system`, which asks the system's package manager for a browser and a database server.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := tools/vendor/pip-26.3-py3-none-any.whl/pip

.PHONY: demo setup setup-dev serve test check lint types contracts unit messages workflow refusals lock bench drill test-system

demo: setup ## install, play one whole batch, serve on 127.0.0.1:8000
	@$(BIN)/jiangheng demo

setup: $(VENV)/run.stamp $(VENV)/messages.stamp $(VENV)/static.stamp

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本"; exit 1; }
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/run.stamp: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python $(PIP) install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	$(BIN)/python tools/link.py
	@touch $@

$(VENV)/messages.stamp: $(VENV)/run.stamp $(wildcard jiangheng/*/locale/en/LC_MESSAGES/django.po)
	$(BIN)/python -m tools.messages --compile
	@touch $@

$(VENV)/static.stamp: $(VENV)/run.stamp $(shell find static -type f)
	$(BIN)/python -m jiangheng.site.collected
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/python $(PIP) install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

setup-dev: $(VENV)/dev.stamp $(VENV)/messages.stamp $(VENV)/static.stamp

serve: setup ## serve what is in var/ without playing anything
	@$(BIN)/jiangheng serve

test: setup-dev ## everything: lint, types, contracts, unit, rooms on both databases, journeys
	@bash tools/test.sh

check: setup-dev lint types contracts ## the quick checks

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tools.messages --check
	$(BIN)/python -m tools.workflow --check
	$(BIN)/python -m tools.refusals --check
	$(BIN)/python -m tools.unfold --check

types: setup-dev
	$(BIN)/mypy jiangheng

contracts: setup-dev
	$(BIN)/lint-imports

unit: setup-dev
	$(BIN)/pytest tests -n 2

messages: setup-dev ## collect and compile the message catalogues
	$(BIN)/python -m tools.messages
	$(BIN)/python -m tools.messages --compile

workflow: setup ## write docs/workflow.md from the transition tables
	$(BIN)/python -m tools.workflow

refusals: setup-dev ## write docs/refusals.md from the program
	$(BIN)/python -m tools.refusals

lock: setup-dev ## resolve the lock files anew; they hold hashes and no addresses
	$(BIN)/uv pip compile -q pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --python-version 3.11 -o requirements-dev.txt
	$(BIN)/uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --python-version 3.11 -c requirements-dev.txt -o requirements.txt

bench: setup-dev ## the figures of docs/benchmarks.md
	$(BIN)/python -m bench

drill: setup-dev ## large counts, whole; DRILL=--write puts the figures into docs/benchmarks.md
	$(BIN)/python -m drill $(DRILL)
