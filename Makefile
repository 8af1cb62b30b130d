# Two commands on a fresh machine: make ask Q="…" and make test. Everything else is one word as well.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# A package index that carries a small, CPU-only torch; empty takes what the usual index has.
TORCH_INDEX ?=
TORCH := $(shell grep -i '^torch==' requirements.lock)
Q ?=
export Q

.PHONY: setup ask test soak lint fix bench bench-full docs train clean
.DEFAULT_GOAL := test

setup: $(READY)

$(READY): requirements.lock pyproject.toml $(wildcard index/models/trained/*.safetensors)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.11 …" >&2; exit 2; }
	@echo "Setting up the environment in $(VENV) (once; some minutes) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@$(BIN)/python -m index.models
	@touch $@

data/.seeds: $(READY) $(wildcard seeds/*.txt)
	@$(BIN)/pullquote add seeds
	@touch $@

ask: data/.seeds
	@$(BIN)/pullquote ask "$$Q" || [ $$? -eq 1 ]

test: $(READY)
	@$(BIN)/lint-imports --config pyproject.toml
	@$(BIN)/python -m pytest

soak: $(READY)
	@HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest -m soak -s --timeout=0

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --config pyproject.toml
	@if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile; \
		else echo "Dockerfile: not linted, hadolint has no wheel for this platform"; fi
	@$(BIN)/python deploy/audit.py requirements.lock

fix: $(READY)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(READY)
	@$(BIN)/python -m benchmarks.scale
	@$(BIN)/python -m benchmarks

bench-full: $(READY)
	@$(BIN)/python -m benchmarks.scale --sizes 1000,10000,100000,1000000
	@$(BIN)/python -m benchmarks

docs: $(READY)
	@$(BIN)/python -m docs

train: $(READY)
	@$(BIN)/python -m benchmarks.train $(DATA)

clean:
	rm -rf data .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
