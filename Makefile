# Each target is enough by itself: whatever it needs first, it makes first.
# A machine needs Python 3.11 or later and make; the package index is asked once, by `make setup`.

PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$name"; break; }; done)
UV_VERSION := 0.13.9
BIN := .venv/bin
READY := .venv/.ready
HOME_DIR := $(or $(JUSTICE_MONITOR_HOME),justice-data)

# `make test ARGS=tests/unit` runs a part; only the whole is held to the coverage floor.
ARGS ?=
# Files of tests are shared out among so many processes when the whole is run.
WORKERS ?= 2
COVERAGE_FLOOR ?= 85

export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
export GX_ANALYTICS_ENABLED := false
# Commands are started many times over; without their bytecode each compiles thousands of files again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test nightly bench screenshots lint docs ci clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## the environment in .venv, from the committed lock

# The stamp, not uv, decides whether there is anything to do, so that no later target needs a network.
$(READY): uv.lock pyproject.toml
	@test -n "$(PYTHON)" || { \
	  echo "Expected Python 3.11 or later on PATH as python3.11 to python3.14, python3 or python; found none." >&2; \
	  echo "Install one, or name it: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Expected Python 3.11 or later; $(PYTHON) is $$("$(PYTHON)" --version 2>&1)." >&2; \
	  echo "Install a later one, or name it: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@if uv --version >/dev/null 2>&1; then uv=uv; else \
	  uv=.tools/bin/uv; \
	  if ! "$$uv" --version >/dev/null 2>&1; then \
	    echo "uv is not on PATH: installing uv $(UV_VERSION) into .tools"; \
	    "$(PYTHON)" -m venv --clear .tools || { \
	      echo "$(PYTHON) cannot make a virtual environment; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
	    .tools/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)" || exit 1; \
	  fi; \
	fi; \
	echo "Making .venv from uv.lock with $(PYTHON) (a minute or so the first time)"; \
	env -u VIRTUAL_ENV "$$uv" sync --frozen --all-groups --quiet --python "$(PYTHON)"
	@touch $(READY)

demo: $(READY) ## one whole pass over the starter figures, with no network
	@$(BIN)/justice-monitor run --offline
	@echo
	@echo "Where to look next (everything is in $(HOME_DIR)/):"
	@echo "  $(BIN)/justice-monitor ratios prison-population --by ethnicity   every ratio with its counts, interval and baseline"
	@echo "  $(BIN)/justice-monitor checks                                    what the checks found, cell by cell"
	@echo "  $(BIN)/justice-monitor gaps                                      which characteristics are not broken down"
	@echo "  docs/methods.md                                                     what the words and numbers mean"

test: $(READY) ## the tests, their coverage, style, types and layers
	$(BIN)/pytest -m "not nightly" --cov --cov-report= $(or $(strip $(ARGS)),-n $(WORKERS) --dist loadfile)
	$(if $(strip $(ARGS)),,$(BIN)/coverage report --fail-under=$(COVERAGE_FLOOR))
	@$(MAKE) --no-print-directory lint

nightly: $(READY) ## every test, the long ones too
	$(BIN)/pytest $(ARGS)

bench: $(READY) ## how long reading and tidying take, as ratios measured in one run
	$(BIN)/python -m tests.benchmarks $(ARGS)
	$(if $(strip $(ARGS)),,$(BIN)/python -m tests.benchmarks.register)

screenshots: $(READY) ## pictures of the pages, into screenshots/
	@if [ -e tests/screenshots.py ] || [ -e tests/screenshots/__main__.py ]; then \
	  $(BIN)/python -m tests.screenshots $(ARGS); \
	else echo "There are no pages to photograph yet: this release answers in the terminal."; fi

lint: $(READY) ## style, types and layers only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(READY) ## docs/commands.md, written again from the command line itself
	$(BIN)/python tests/docs/command_reference.py --write

ci: ## what the build server runs
	bash .ci/run

# The vault cannot be rebuilt and the environment needs a network, so neither is ever cleaned.
clean: ## caches and reports; never justice-data/ or .venv/
	rm -rf .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis htmlcov build dist *.egg-info
	rm -f .coverage .coverage.*
	find . -name __pycache__ -type d -not -path './.venv/*' -not -path './.tools/*' -prune -exec rm -rf {} +
