# Every recipe works on a machine that has nothing but Python 3.11 (or newer) and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

# Without its bytecode kept, each process of the tests would compile the desk anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install demo tour run test mta faults format check bench audit lock clean

help:           ## Say what there is to make
	@grep -hE '^[a-z]+: .*##|^[a-z]+:  *##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

install: $(STAMP) ## Make .venv from the hash-pinned lock

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cherha needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@echo "Installing into $(VENV) (about a minute the first time) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(STAMP)

demo: install   ## Start a whole desk with a chat page to try it in
	@$(BIN)/cherha demo

tour: install   ## Play the whole journey without a browser
	@$(BIN)/cherha demo --tour

run: install    ## Run the desk (settings from the environment or .env)
	@$(BIN)/cherha run

test: install   ## Run the tests: the quick edition (`make check` runs them all)
	@$(BIN)/python -m pytest -p tests.forks --forks 3

mta: install    ## Run the tests with a real Postfix on both sides of the desk (skipped where there is none)
	@CHERHA_TEST_ALL=1 $(BIN)/python -m pytest -rs tests/mta

faults: install ## Live through every fault at full size, half an hour at a time; then the slow tests
	@$(BIN)/python -m tests.faults $(ONLY)
	@CHERHA_TEST_ALL=1 $(BIN)/python -m pytest -m slow

format: install ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .

check: install  ## Format, lint, types, imports, catalogues, tests: all that must be green
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.catalogues
	CHERHA_TEST_ALL=1 $(BIN)/python -m pytest -p tests.forks --forks 3 --ignore tests/faults
	CHERHA_TEST_ALL=1 $(BIN)/python -m pytest tests/faults

bench: install  ## Measure the desk on this machine
	@$(BIN)/python -m tests.bench

audit:          ## Look whether known weaknesses are in what the desk is made of (asks PyPI; fails when it cannot tell)
	@test -x $(VENV)-audit/bin/pip-audit || { $(PYTHON) -m venv $(VENV)-audit && $(VENV)-audit/bin/python -m pip install --quiet --disable-pip-version-check "pip-audit>=2.10,<3"; }
	@$(VENV)-audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements/sealed.txt

lock:           ## Renew the locks from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header pyproject.toml --extra sealed -o requirements/sealed.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header pyproject.toml --group dev -o requirements/dev.txt

clean:          ## Remove what the recipes made (never ./var)
	rm -rf $(VENV) $(VENV)-audit .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
