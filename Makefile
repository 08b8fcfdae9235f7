# Samenspraak: two commands matter, `make demo` and `make test`; both install first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo test lint bench crash year texts lock clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED)  ## make .venv and install what requirements.lock names

$(INSTALLED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Samenspraak needs Python 3.11 or newer; say: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

demo: $(INSTALLED)  ## play the whole loop in the sandbox, without any account
	$(BIN)/python -m bot sandbox --tour --exit

test: $(INSTALLED)  ## run all tests
	$(BIN)/python -m pytest

lint: $(INSTALLED)  ## ruff, strict mypy and the dependency rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED)  ## measure, print one page and write bench.json
	$(BIN)/python -m tests.benchmarks

crash: $(INSTALLED)  ## kill the bot at 50 random moments of the tour and compare
	$(BIN)/python -m tests.crash --kills 50

year: $(INSTALLED)  ## live a year with the team, and account for its reminders
	$(BIN)/python -m tests.year

texts: $(INSTALLED)  ## bring the Dutch catalogue in step with the sentences in the code
	$(BIN)/pybabel -q extract -F babel.cfg -k t -k n:1,2 -k N_ -k Refusal -k NotThere -k Phrase \
	  -k Mistake:2 --no-wrap --no-location --sort-output -o texts.pot .
	$(BIN)/pybabel -q update -i texts.pot -d bot/locales -D samenspraak --no-wrap \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@rm texts.pot

lock:  ## pin the dependencies anew (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock

clean:  ## remove .venv and everything that was made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
