# Everything that a person or CI runs. Needs Python >= 3.11 and make; the rest comes from requirements.lock.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Tests use two processes unless told otherwise: PYTEST_WORKERS=4 make test
PYTEST_WORKERS ?= 2
# Minutes that the long run may take before it counts as failed
SOAK_MINUTES ?= 30
PYTEST = $(BIN)/python -m pytest -q -n $(PYTEST_WORKERS) --dist worksteal

.DEFAULT_GOAL := help
# Installs from a lock: every package pinned with its hashes, so pip has nothing to resolve
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r

.PHONY: help demo serve test soak test-outside check lint format bench docs lock faults mutation clean

help:  ## show this list
	@grep -hE '^[a-z.-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV): $(VENV)/.built  ## install the locked dependencies, run nothing

# What the product needs to run: enough for `make demo`, and half of the time
$(VENV)/.runs: requirements-runtime.lock
	$(PYTHON) -m venv --clear $(VENV)
	$(INSTALL) requirements-runtime.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.built: requirements.lock $(VENV)/.runs
	$(INSTALL) requirements.lock
	@touch $@

demo: $(VENV)/.runs  ## serve the demonstration street on an embedded PostgreSQL
	$(BIN)/tiaochu demo

serve: $(VENV)/.runs  ## serve on the embedded PostgreSQL, or on TIAOCHU_DATABASE_URL
	$(BIN)/tiaochu serve

# One part only: make test TESTS=tests/domain
test: $(VENV)/.built  ## every test that needs nothing from outside, but the long ones (TESTS=path)
	$(PYTEST) -m "not soak" $(TESTS)

soak: $(VENV)/.built  ## the long ones: more random examples, planted faults, injected faults (TESTS=path)
	TIAOCHU_TEST_SOAK=1 timeout --signal=INT $(SOAK_MINUTES)m $(PYTEST) --timeout 900 -m "soak or hypothesis" $(TESTS)

# The newest PostgreSQL of the system, as Debian installs it
SYSTEM_POSTGRES = $(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin)))

test-outside: $(VENV)/.built  ## what touches the database once more, on the system's own PostgreSQL
	@test -n "$(SYSTEM_POSTGRES)" || { echo "install PostgreSQL 15 or newer first"; exit 1; }
	TIAOCHU_TEST_PG_BIN=$(SYSTEM_POSTGRES) $(PYTEST) -m "database and not soak" $(TESTS)

lint: $(VENV)/.built  ## format, lint, names, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m tests.lint.names
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test  ## what a change has to pass before it is handed in

format: $(VENV)/.built  ## put the code into the house's form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.built  ## measure, each figure against a rival in the same run
	$(BIN)/python -m bench

# One part only: make faults ARGS='--only 8,9 --rounds 0.1'
faults: $(VENV)/.built  ## inject faults under load, each followed by the ledger check; a table at the end (ARGS=…)
	$(BIN)/python -m tests.faults $(ARGS)

# One part only: make mutation ONLY=domain/procedures; other tests than the usual: TESTS=tests/domain/procedures/test_rules.py
mutation: $(VENV)/.built  ## change each comparison in domain/ in turn; the tests have to notice 90 % (ONLY=path)
	$(BIN)/python -m tests.mutation --workers $(PYTEST_WORKERS) $(if $(TESTS),--tests $(TESTS) --) $(ONLY)

docs: $(VENV)/.built  ## write docs/reference and the architecture picture from the code
	$(BIN)/python -m cli.reference docs/reference
	$(BIN)/python -m tests.support.architecture_picture

COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-annotate --no-header --no-emit-index-url --no-emit-find-links

lock: $(VENV)/.built  ## resolve requirements.lock anew from pyproject.toml, and requirements-runtime.lock from it
	$(COMPILE) --extra dev --extra build --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra build --constraint requirements.lock --output-file requirements-runtime.lock pyproject.toml

clean:  ## remove what was built; the data under var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis build dist
